#![doc = include_str!("../README.md")]

mod advertising;
mod brand;
mod carrier;
mod consent;
mod content;
mod facts;
mod gate;
mod health;
mod lint;
mod numbers;
mod place;
mod plain;
mod quiet_hours;
mod registration;
mod scrub;
mod seal;
mod table;
mod text;
mod throughput;
mod utc;
mod wording;

pub use advertising::advertises;
pub use brand::{BrandListing, BrandRank};
pub use carrier::Carrier;
pub use consent::{
    Account, Act, Appended, BrokenChain, Confirmation, ConfirmationFate, Consent, ConsentLevel,
    ConsumerLedger, Digest, DoubleOptIn, Entry, Erasure, ErasureError, Evidence, EvidenceDetails,
    GivenConsent, GivenConsentError, GivenMoment, GivenRevocation, GivenRevocationError, Head,
    History, ImportError, Imported, LedgerKey, Link, ListReader, ListSource, LocalTimes, Method,
    Personal, PersonalDigests, Programme, Proof, ProofDocument, ProofSection, ProvenEntry,
    Retention, RevocationChannel, RevocationClock, RevokedBy, RowProblem, Salt, Sender, Standing,
    Standings, import_csv,
};
pub use content::{
    Category, ContentException, ContentFinding, ContentRules, Effect, Judged, LinkTrick,
    check_content, check_content_on, exception_categories,
};
pub use facts::{
    AttClass, Basis, Confidence, Counts, Edition, FactProblem, Facts, FactsError, Holidays,
    MessageCap, OpenHours, Revocation, RevocationScope, TMobileTier, Unless,
};
pub use gate::{
    Cap, ContentType, Decision, GateRules, Outgoing, Reason, Recipient, Registered, Sending,
    TextJudgement, Verdict, Weight, gate, is_first, limits,
};
pub use health::{Day, Health};
pub use lint::{Example, Finding, Rule, Severity, lint, rules};
pub use numbers::{NotEnabled, Route, route};
pub use place::{Address, Place, State, StateError, StateSet};
pub use quiet_hours::Quiet;
pub use registration::{
    Brand, BrandRelationship, Campaign, EntityType, IdentityStatus, NumberRequest, Policies,
    Registration, SupportRequest, UseCase, Vertical,
};
pub use scrub::{
    ImportedScrub, SCRUB_DAYS, Scrub, ScrubList, ScrubResult, ScrubRules, Scrubs, import_scrubs,
};
pub use seal::{
    Anchored, AnchoredHead, AnswerCheck, Base64, CheckedAnswer, Doubt, DoubtFinding, EntrySeal,
    HeadFault, HeadKey, HeadVerifier, HeadsFileError, Inclusion, KEPT_EVERY, KnownDifference,
    LONGEST_HEAD, LONGEST_NAME, LONGEST_RECEIPT, LedgerHead, Misplaced, NoteError, ProvenHead,
    Receipt, SealNode, SealTree, SignedHead, seal_leaf,
};
pub use throughput::{CountedTime, Counter, Counters, Limit, Meter, Rates, Room, Span, pacific};
