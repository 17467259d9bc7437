//! The words of a document, and its limits, in plain English.

/// The limits of the document, a sentence each.
pub(super) const LIMITS: [&str; 5] = [
    "It does not list the texts that were sent to the consumer.",
    "It says nothing of other senders. Consent that the consumer gave to somebody else, or took back there, is not in it.",
    "It says nothing of consent or revocations that nobody entered in this ledger.",
    "It does not look at the entries of other consumers, nor for entries that were taken away. The command `frontdesk ledger verify` does.",
    "It does not prove that what somebody entered is true. Wording and evidence of each entry are there to judge that.",
];

/// The words, in the order of the alphabet, each with its meaning.
pub(super) const GLOSSARY: [(&str, &str); 19] = [
    (
        "anchor",
        "Somebody outside of the sender's database who gets every head and keeps it: a time-stamp authority, a file on another machine, another company's service.",
    ),
    (
        "annex",
        "The last part of this document. It has the numbers by which a computer checks the entries. A reader does not need it.",
    ),
    (
        "chain",
        "Each entry has a digest that is made of the entry and of the digest before it. A change of one entry changes every digest after it.",
    ),
    (
        "credential",
        "A secret word with which a person or a program signs in to the sender's system. The document names the person or program, and behind the name the first 16 digits of the secret word's digest. The digits tell credentials apart, and nobody can find the secret word by them.",
    ),
    (
        "digest",
        "A fingerprint of data (SHA-256): 64 hexadecimal digits. The same data have the same digest. Nobody can make other data with that digest.",
    ),
    (
        "double opt-in",
        "The consumer was sent a question or a code, to make sure that the number is theirs, and answered.",
    ),
    (
        "entered",
        "The moment at which an entry was written into the ledger, by the clock of the sender's system.",
    ),
    (
        "entry",
        "One line of a history: consent, a revocation, a text that was shown, or an erasure. Entries are added at the end, and never changed.",
    ),
    (
        "erasure",
        "Wording and evidence of earlier entries were blanked. Their acts, moments and digests stay.",
    ),
    ("express consent", "The consumer agreed to texts that inform, in whichever form."),
    (
        "given",
        "The moment at which the consumer agreed or took consent back, as it was told with the entry. A date without a time was told as a date. The ledger stores a date as midnight UTC, so a moment of exactly midnight UTC is shown as a date.",
    ),
    (
        "head",
        "The number of all entries of the ledger at one moment, with one digest (the root) of all of them. A head that somebody else keeps shows whether an entry before it was changed, taken away or put in later.",
    ),
    ("implied consent", "The consumer wrote first, and gets answers to that exchange."),
    ("ledger", "The sender's record of consent and revocations of all its consumers."),
    (
        "place",
        "The number of an entry among all entries of the ledger, counted from 1. The way to the root proves it.",
    ),
    (
        "programme",
        "What consent is for: the texts of one campaign, from all of its numbers. A number that belongs to no campaign is a programme by itself.",
    ),
    (
        "revocation",
        "The consumer takes consent back: by STOP, in other words, by letter, by phone, or in another way.",
    ),
    (
        "way to the root",
        "The digests beside an entry in the tree of all entries. With them anybody computes the root of the head from the entry.",
    ),
    (
        "written consent",
        "The consumer agreed to texts that promote, by a signature, a form, a recording, or a word of consent that answers an invitation (47 CFR 64.1200(f)(9)).",
    ),
];
