//! Words inside and around the names of senders.

/// Words that stand inside and behind names.
pub(super) fn is_small(word: &str) -> bool {
    matches!(
        word,
        "of" | "the"
            | "and"
            | "for"
            | "at"
            | "in"
            | "on"
            | "by"
            | "to"
            | "a"
            | "or"
            | "with"
            | "about"
            | "via"
            | "regarding"
            | "through"
            | "when"
            | "if"
            | "you"
            | "your"
            | "de"
            | "para"
    )
}

/// Legal forms.
pub(crate) fn is_legal(word: &str) -> bool {
    matches!(
        word,
        "inc"
            | "incorporated"
            | "llc"
            | "corp"
            | "corporation"
            | "co"
            | "company"
            | "ltd"
            | "limited"
            | "lp"
            | "llp"
            | "pllc"
            | "pc"
            | "pa"
            | "plc"
            | "na"
            | "lllp"
            | "sc"
            | "pba"
    )
}

/// Words before a sender.
pub(super) fn leads_to_sender(word: &str) -> bool {
    matches!(
        word,
        "from"
            | "by"
            | "with"
            | "join"
            | "joined"
            | "joining"
            | "to"
            | "its"
            | "at"
            | "de"
            | "is"
            | "of"
            | "for"
            | "texting"
            | "recurring"
            | "authorize"
            | "a"
            | "via"
            | "this"
            | "the"
            | "hi"
            | "in"
            | "your"
            | "on"
            | "and"
            | "reached"
            | "get"
            | "receive"
            | "getting"
    )
}

/// Words behind a sender: what it sends.
pub(super) fn follows_sender(word: &str) -> bool {
    matches!(
        word,
        "text"
            | "texts"
            | "txt"
            | "sms"
            | "msg"
            | "msgs"
            | "message"
            | "messages"
            | "alert"
            | "alerts"
            | "update"
            | "updates"
            | "reminder"
            | "reminders"
            | "notice"
            | "notices"
            | "notification"
            | "notifications"
            | "reward"
            | "rewards"
            | "club"
            | "vip"
            | "offer"
            | "offers"
            | "deal"
            | "deals"
            | "news"
            | "tips"
            | "special"
            | "specials"
            | "program"
            | "list"
            | "help"
            | "support"
            | "team"
            | "office"
            | "automated"
            | "recurring"
            | "marketing"
            | "promotional"
            | "appointment"
            | "order"
            | "account"
            | "delivery"
            | "sale"
            | "member"
            | "exclusive"
            | "mobile"
            | "info"
            | "number"
            | "customer"
    ) || speaks_of_sender(word)
}

/// Words that only a sender's name stands before.
pub(super) fn speaks_of_sender(word: &str) -> bool {
    matches!(
        word,
        "will"
            | "sends"
            | "says"
            | "here"
            | "would"
            | "may"
            | "texts"
            | "alerts"
            | "msgs"
            | "sms"
            | "wants"
            | "txt"
    )
}
