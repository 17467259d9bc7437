use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use crate::{
    AgentId, AgentStatus, Alternative, Author, CallId, CallService, Channel, ContactId, Delivery,
    DismissedBy, EndReason, IgnoredReason, Instant, Language, Media, MediaKind, MediaRefusal,
    MenuStep, MessageId, Needs, PhoneNumber, Provider, Purpose, QueueId, RegistrationChange,
    ResumedBy, ReturnReason, SessionId, SessionType, SupportNumber, TransferFailure,
    TransferTarget,
};

/// The version of the vocabulary below, stored beside every record of events. It rises when a stored
/// form changes in a way that older readers cannot read.
pub const EVENT_VERSION: u16 = 2;

/// A fact, and when it came to be. Which session or consumer it is about is said once, by the record
/// that holds the events of one step.
///
/// ```json
/// {"at":"2026-11-21T15:04:05Z","type":"queued","queue":"billing"}
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When it happened, in whole milliseconds.
    pub at: Instant,
    /// What happened.
    #[serde(flatten)]
    pub fact: Fact,
}

/// Everything that can happen, in the past tense. Each kind's stored form stands in its comment; a test
/// reads it, writes it and compares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(tag = "type", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[non_exhaustive]
pub enum Fact {
    /// The agent no longer has the session: it is put aside (SMS-21).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"agent_left","agent":"ana"}
    /// ```
    AgentLeft {
        /// Who.
        agent: AgentId,
    },
    /// An agent does something else now (RTE-10).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"agent_status_changed","agent":"ana","status":"wrap_up","until":"2026-11-21T15:05:05Z"}
    /// ```
    AgentStatusChanged {
        /// Who.
        agent: AgentId,
        /// The new status.
        status: AgentStatus,
        /// The end of a wrap-up (RTE-11).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Instant>,
    },
    /// The caller does not wait on the line: they chose something else (RTE-13). A callback keeps its place; to go on
    /// by text is told by `service_accepted`.
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"alternative_chosen","alternative":{"phone_number":"+12025550177"}}
    /// ```
    AlternativeChosen {
        /// What.
        alternative: Alternative,
    },
    /// The app that the agent sent a link of has reported back: its SmartActions can be used (SMS-35).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"app_opened"}
    /// ```
    AppOpened,
    /// An agent has the session now (SMS-5).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"assigned","queue":"billing","agent":"ana"}
    /// ```
    Assigned {
        /// The queue it waited in.
        queue: QueueId,
        /// Who took it.
        agent: AgentId,
    },
    /// Somebody put a number on the blocklist, or took it off (SMS-38).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"blocklist_changed","number":"+12025550123","blocked":true}
    /// ```
    BlocklistChanged {
        /// The number.
        number: PhoneNumber,
        /// Whether it is on the list from now on.
        blocked: bool,
    },
    /// An agent has the call now.
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"call_connected","agent":"ana"}
    /// ```
    CallConnected {
        /// Who.
        agent: AgentId,
    },
    /// The caller goes on by text: the host ends the call, and the chat waits (SMS-31).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"call_deflected","queue":"billing","number":"+12025550100","chat":1043}
    /// ```
    CallDeflected {
        /// Where the chat waits.
        queue: QueueId,
        /// The chat's number.
        number: SupportNumber,
        /// The chat's session.
        chat: SessionId,
    },
    /// The caller hung up while the text that takes them into a chat was on its way (SMS-31).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"caller_left"}
    /// ```
    CallerLeft,
    /// A caller whose place was kept calls again before they were called back: it is the same session, at its
    /// place (RTE-13).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"caller_returned","call":"CA2"}
    /// ```
    CallerReturned {
        /// The telephony's id of the new call.
        call: CallId,
    },
    /// The caller waits in a queue of the phone menu.
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"call_queued","queue":"phone-billing"}
    /// ```
    CallQueued {
        /// Which.
        queue: QueueId,
    },
    /// A call is to be made at a time that the consumer chose (HRS-10).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"call_scheduled","queue":"phone-billing","slot":"2026-11-23T14:00:00Z","announced":"2026-11-23T13:55:00Z","expires":"2026-11-23T14:15:00Z"}
    /// ```
    CallScheduled {
        /// The queue that makes it.
        queue: QueueId,
        /// When.
        slot: Instant,
        /// When those who will make it are told that it is near.
        announced: Instant,
        /// When it is given up, if nobody has made it.
        expires: Instant,
    },
    /// A call reached the center.
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"call_started","call":"CA1","consumer":"+12025550123","number":"+12025550100","language":"en","takes_texts":true}
    /// ```
    CallStarted {
        /// The telephony's id of it.
        call: CallId,
        /// Who calls.
        consumer: PhoneNumber,
        /// The number that texts beside the call come from.
        number: SupportNumber,
        /// The language of the call.
        language: Language,
        /// Whether the caller's number can receive texts.
        takes_texts: bool,
        /// Whether they have left a voice message that nobody has heard yet.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        has_voicemail: bool,
        /// Where it came in; the phone menu, where nothing is said.
        #[serde(default = "phone_menu", skip_serializing_if = "is_phone_menu")]
        entry_point: Channel,
    },
    /// The agent has the chat before them no longer: it may be dismissed by itself again (SMS-21).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"chat_closed","agent":"ana"}
    /// ```
    ChatClosed {
        /// Who.
        agent: AgentId,
    },
    /// The agent has the chat before them: it is not dismissed by itself (SMS-21).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"chat_opened","agent":"ana"}
    /// ```
    ChatOpened {
        /// Who.
        agent: AgentId,
    },
    /// A virtual agent has offered choices, numbered from 1 (SMS-28); none takes earlier ones back.
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"choices_offered","agent":"bot","choices":["Pay","Refund"]}
    /// ```
    ChoicesOffered {
        /// The virtual agent.
        agent: AgentId,
        /// What may be chosen.
        choices: Vec<CompactString>,
    },
    /// The host's clock was set back, or is right again. The instants of a session never run back: its events go on from the last
    /// one, so much later than the clock shows.
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"clock_changed","behind_ms":3600000}
    /// ```
    ClockChanged {
        /// How far the clock is behind the session's own time from here on, in milliseconds; 0 when it is right again.
        behind_ms: i64,
    },
    /// The CRM has several contacts for the number: the agent chooses, and until then posts wait (CRM-1).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"contact_ambiguous","candidates":["c-1","c-2"]}
    /// ```
    ContactAmbiguous {
        /// The contacts to choose from.
        candidates: Vec<ContactId>,
    },
    /// The session is linked with a contact (CRM-1).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"contact_linked","contact":"c-1","created":false}
    /// ```
    ContactLinked {
        /// The contact.
        contact: ContactId,
        /// Whether it was made for this session.
        created: bool,
    },
    /// The provider, the network or the gate said how far a message has come.
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"delivery","id":"1042-1","status":"accepted","provider_id":"SM1"}
    /// ```
    /// With what the gate remarked of a text that it let pass:
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"delivery","id":"1042-1","status":"accepted","provider_id":"SM1","remarks":[{"rule":"advertises","category":"advertises","reason":"advertises, but is not sent as a promotion","words":["20% off"]}]}
    /// ```
    Delivery {
        /// The message.
        id: MessageId,
        /// How far.
        #[serde(flatten)]
        delivery: Delivery,
    },
    /// The session is put aside until the consumer writes again (SMS-21).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"dismissed","agent":"ana","by":"inactivity"}
    /// ```
    Dismissed {
        /// Who had it.
        agent: AgentId,
        /// Who or what did it.
        by: DismissedBy,
    },
    /// The session is over.
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"ended","reason":"finished_by_agent"}
    /// ```
    Ended {
        /// Why.
        reason: EndReason,
    },
    /// A chat is the continuation of a call (SMS-31).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"continued_from_call","call":1042}
    /// ```
    ContinuedFromCall {
        /// The call's session.
        call: SessionId,
    },
    /// Work that the outbox gave up after its last attempt: an operator sees it and may retry it.
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"dead_lettered","work":"1042-1","attempts":8,"error":"503"}
    /// ```
    DeadLettered {
        /// The idempotency key of the work.
        work: String,
        /// How often it was tried.
        attempts: u32,
        /// The last error, without texts or numbers.
        error: String,
    },
    /// A picture or video that came with a message is not taken (SMS-7); its text is.
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"media_refused","message":"SM1","provider":"twilio","index":1,"reason":"unsupported"}
    /// ```
    MediaRefused {
        /// The provider's id of the message.
        message: CompactString,
        /// Whose id that is; `None` in events of before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        provider: Option<Provider>,
        /// Its place in the message, from 0.
        index: u8,
        /// Why.
        reason: MediaRefusal,
    },
    /// A picture or video that came with a message has been fetched and kept (SMS-7).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"media_stored","message":"SM1","provider":"twilio","index":0,"kind":"png","bytes":68}
    /// ```
    MediaStored {
        /// The provider's id of the message.
        message: CompactString,
        /// Whose id that is; `None` in events of before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        provider: Option<Provider>,
        /// Its place in the message, from 0.
        index: u8,
        /// What it is, by its content.
        kind: MediaKind,
        /// How large it is.
        bytes: u32,
    },
    /// The consumer is at a node of the menu and has its options before them (SMS-3).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"menu_entered","node":"support","by":"number"}
    /// ```
    MenuEntered {
        /// The node whose options the consumer chooses from now.
        node: QueueId,
        /// How they got there.
        by: MenuStep,
    },
    /// The caller came outside of hours, and this is offered instead: the call is over (HRS-5 to HRS-7).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"deflected_after_hours","queue":"phone-billing","offers":["voicemail"],"holiday":"Thanksgiving"}
    /// ```
    DeflectedAfterHours {
        /// Which queue or menu was closed.
        queue: QueueId,
        /// What is offered; nothing, where they are only told.
        offers: Vec<Alternative>,
        /// The holiday that it is closed for, if it is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        holiday: Option<CompactString>,
    },
    /// A closed queue sent the consumer on to one that is open (HRS-9).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"forwarded","from":"night","to":"billing","reason":"after_hours"}
    /// ```
    Forwarded {
        /// The queue that they chose.
        from: QueueId,
        /// The one that they wait in.
        to: QueueId,
        /// Why.
        reason: EndReason,
    },
    /// The session belongs to a group of its queue's agents (RTE-8).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"group_allocated","queue":"billing","group":1}
    /// ```
    GroupAllocated {
        /// The queue.
        queue: QueueId,
        /// The group, counted from 0.
        group: u8,
    },
    /// More groups of the queue's agents are asked (RTE-7).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"groups_asked","queue":"billing","groups":2}
    /// ```
    GroupsAsked {
        /// The queue.
        queue: QueueId,
        /// How many groups are asked now.
        groups: u8,
    },
    /// A virtual agent gives the session to a queue (SMS-28).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"handed_over","agent":"bot","queue":"billing"}
    /// ```
    HandedOver {
        /// The virtual agent.
        agent: AgentId,
        /// To which queue.
        queue: QueueId,
    },
    /// The consumer asked for help (SMS-13). No state changes.
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"help_asked","word":"help"}
    /// ```
    HelpAsked {
        /// The word they used, normalised.
        word: CompactString,
    },
    /// A text arrived that starts nothing, and is not answered.
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"ignored","provider_id":"SM1","provider":"twilio","reason":"opted_out"}
    /// ```
    Ignored {
        /// The provider's id of the inbound message.
        provider_id: CompactString,
        /// Whose id that is; `None` in events of before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        provider: Option<Provider>,
        /// Why; `None` in events of before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<IgnoredReason>,
    },
    /// The consumer wrote (SMS-6: kept whatever the session's state).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"inbound_message","provider_id":"SM1","provider":"twilio","body":"Hello","media":[{"url":"https://m.example/1","content_type":"image/png"}]}
    /// ```
    InboundMessage {
        /// The provider's id of the message.
        provider_id: CompactString,
        /// Whose id that is; `None` in events of before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        provider: Option<Provider>,
        /// The text, as received.
        body: String,
        /// Pictures and videos that came with it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        media: Vec<Media>,
        /// No person wrote it: `reaction` or `reply` of a phone (SMS-16). Nobody answers it, and no timer counts it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        automatic: Option<CompactString>,
    },
    /// The caller keeps waiting.
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"kept_waiting","answered":true}
    /// ```
    KeptWaiting {
        /// They said so; otherwise they pressed no key.
        answered: bool,
    },
    /// The session's language is another now (SMS-3, SMS-10).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"language_changed","language":"es"}
    /// ```
    LanguageChanged {
        /// The language from here on.
        language: Language,
    },
    /// How urgent the session is, and what its agent must be able to do, was set for it alone (RTE-18).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"needs_changed","needs":{"priority":5,"skills":["vip"]}}
    /// ```
    NeedsChanged {
        /// What it needs from now on; empty is what its queue asks for.
        needs: Needs,
    },
    /// A reply matched no option (SMS-4).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"not_understood","attempt":1}
    /// ```
    NotUnderstood {
        /// How many in a row, this one included.
        attempt: u8,
    },
    /// Agents see the session as theirs to take (RTE-5).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"offered","queue":"billing","agents":["ana"],"until":"2026-11-21T15:04:15Z"}
    /// ```
    Offered {
        /// The queue it waits in.
        queue: QueueId,
        /// Who sees the offer from now on.
        agents: Vec<AgentId>,
        /// Until when it is this one agent's alone (RTE-6); nothing when others may see it too.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Instant>,
    },
    /// An agent did not want a session that was offered to them alone (RTE-10).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"offer_declined","agent":"ana"}
    /// ```
    OfferDeclined {
        /// Who.
        agent: AgentId,
    },
    /// An agent did not answer an offer that only they had (RTE-10).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"offer_missed","agent":"ana","seen":true}
    /// ```
    OfferMissed {
        /// Who.
        agent: AgentId,
        /// Whether their desk showed it; if not, it was skipped.
        seen: bool,
    },
    /// Agents no longer see the offer: somebody has taken it, or they may not take it any more.
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"offer_withdrawn","agents":["ben"]}
    /// ```
    OfferWithdrawn {
        /// Who sees it no longer.
        agents: Vec<AgentId>,
    },
    /// The consumer may be contacted (SMS-12).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"opted_in","word":"start"}
    /// ```
    OptedIn {
        /// The word they used, normalised.
        word: CompactString,
    },
    /// The consumer may not be contacted any more (SMS-11).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"opted_out","word":"stop"}
    /// ```
    OptedOut {
        /// The word they used, normalised; `carrier` when the provider reported the opt-out; the way of a revocation that came
        /// elsewhere than in a text, like `mail`.
        word: CompactString,
    },
    /// A message to the consumer was decided. It leaves through the gate and the outbox.
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"outbound_message","id":"1042-1","purpose":"greeting","author":"system","body":"Welcome"}
    /// ```
    OutboundMessage {
        /// Its id, and the idempotency key of its delivery.
        id: MessageId,
        /// What it is for.
        purpose: Purpose,
        /// Who wrote it.
        author: Author,
        /// The text.
        body: String,
    },
    /// A text that a program or an agent asked for was refused at once, by a rule of the compliance gate (SMS-32, SMS-34).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"outbound_refused","by":"credential 0123456789abcdef","reasons":["a promotional text needs written consent; none is on record"],"rules":["no_consent"]}
    /// ```
    OutboundRefused {
        /// The credential or agent that asked.
        by: String,
        /// Every reason, in words.
        reasons: Vec<String>,
        /// The ids of their rules.
        rules: Vec<String>,
    },
    /// The caller has waited long in a queue that will take longer still: they are asked whether they keep waiting
    /// (1), or want something else (2 and up) (SMS-29, RTE-13).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"over_capacity","queue":"phone-billing","band":1,"offers":["callback",{"queue":"phone-sales"},{"pre_session_sms":"billing"}]}
    /// ```
    OverCapacity {
        /// Which.
        queue: QueueId,
        /// The band of the rules, counted from 0.
        #[serde(default)]
        band: u32,
        /// What is offered, from key 2 on.
        #[serde(default)]
        offers: Vec<Alternative>,
        /// A chat by text was offered. Version 1 of the events says so in this way; later ones name it in `offers`.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        by_text: bool,
    },
    /// The session waits in a queue.
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"queued","queue":"billing"}
    /// ```
    Queued {
        /// Which.
        queue: QueueId,
    },
    /// A provider says something else of a campaign than before (DLC-8).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"registration_changed","campaign":"offers","from":{"campaign":{"state":"active","word":"VERIFIED"},"brand":{"state":"active","word":"APPROVED"},"identity":"VERIFIED","score":75,"att_class":"C","t_mobile_tier":"HIGH_MID"},"to":{"campaign":{"state":"suspended","word":"SUSPENDED"},"brand":{"state":"active","word":"APPROVED"},"identity":"VERIFIED","score":75,"att_class":"C","t_mobile_tier":"HIGH_MID"},"reasons":["30990 The campaign is suspended"],"numbers_added":["+12025550120"],"numbers_removed":["+12025550121"]}
    /// ```
    RegistrationChanged {
        /// The campaign's id in the configuration.
        campaign: CompactString,
        /// The difference.
        #[serde(flatten)]
        change: Box<RegistrationChange>,
    },
    /// The consumer waited longer for an answer than the agent response target (SMS-24).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"response_overdue","agent":"ana"}
    /// ```
    ResponseOverdue {
        /// Whose answer.
        agent: AgentId,
    },
    /// A dismissed session goes on: it waits in its queue (SMS-21).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"resumed","by":"consumer"}
    /// ```
    Resumed {
        /// Who made it.
        by: ResumedBy,
    },
    /// The session lost its agent and waits again, at the place of its original arrival (RTE-16).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"returned_to_queue","queue":"billing","agent":"ana","reason":"logged_out"}
    /// ```
    ReturnedToQueue {
        /// The queue.
        queue: QueueId,
        /// Who had it.
        agent: AgentId,
        /// Why.
        reason: ReturnReason,
    },
    /// What the consumer wrote may be a revocation of consent (SMS-16). Whether it is treated as one is a
    /// setting; that it was is told by `opted_out`.
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"revocation_suspected","rule":"wrong-number","phrase":"wrong number"}
    /// ```
    RevocationSuspected {
        /// The rule that matched.
        rule: CompactString,
        /// The words that matched it.
        phrase: String,
    },
    /// The slot of a scheduled call is near: those who will make it are told (HRS-10).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"scheduled_call_near"}
    /// ```
    ScheduledCallNear,
    /// The caller wants it: consent to its texts.
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"service_accepted","service":"wait_time"}
    /// ```
    ServiceAccepted {
        /// Which.
        service: CallService,
    },
    /// The caller does not want it, and is not asked again in this call.
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"service_declined","service":"wait_time","answered":false}
    /// ```
    ServiceDeclined {
        /// Which.
        service: CallService,
        /// They said so; otherwise they pressed no key, or were connected.
        answered: bool,
    },
    /// What the caller accepted did not come about: the text did not arrive, or not in time (SMS-31).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"service_failed","service":"deflection"}
    /// ```
    ServiceFailed {
        /// Which.
        service: CallService,
    },
    /// The caller is asked: 1 is yes, 2 is no.
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"service_offered","service":"deflection"}
    /// ```
    ServiceOffered {
        /// Which.
        service: CallService,
    },
    /// A session began (SMS-1).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"session_started","consumer":"+12025550123","support_number":"+12025550100","queue":"main","language":"en","session_type":"outbound_api","ticket":"t-1"}
    /// ```
    SessionStarted {
        /// Who.
        consumer: PhoneNumber,
        /// The number they texted.
        support_number: SupportNumber,
        /// The node of the menu that the number belongs to.
        queue: QueueId,
        /// The language it starts in.
        language: Language,
        /// How it began.
        #[serde(default, skip_serializing_if = "SessionType::is_inbound")]
        session_type: SessionType,
        /// The ticket of the CRM that it is about, where an API call named one (SMS-33).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ticket: Option<CompactString>,
    },
    /// A transfer came to nothing: the agent who had the session has it still (SMS-27).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"transfer_failed","agent":"ana","reason":"timed_out"}
    /// ```
    TransferFailed {
        /// Who has it.
        agent: AgentId,
        /// Why.
        reason: TransferFailure,
    },
    /// A transfer is done: the next event says who has the session now (SMS-27).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"transfer_finished","from":"ana"}
    /// ```
    TransferFinished {
        /// Who had it.
        from: AgentId,
    },
    /// An agent wants somebody else to have the session (SMS-27).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"transfer_started","agent":"ana","to":{"queue":"billing"}}
    /// ```
    TransferStarted {
        /// Who has it, until the transfer is done.
        agent: AgentId,
        /// To whom.
        to: TransferTarget,
    },
    /// A text from a sender that nobody can answer: a short code or a name. It is recorded, and nothing else.
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"unanswerable_message","provider_id":"SM1","provider":"twilio","sender":"GOVUK","number":"+12025550100","body":"Your code is 1234"}
    /// ```
    UnanswerableMessage {
        /// The provider's id of the message.
        provider_id: CompactString,
        /// Whose id that is; `None` in events of before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        provider: Option<Provider>,
        /// The short code or name.
        sender: CompactString,
        /// To what.
        number: SupportNumber,
        /// The text, as received.
        body: String,
        /// Pictures and videos that came with it; they are not fetched.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        media: Vec<Media>,
    },
    /// A text to a number that belongs to no queue: no reply, no session (SMS-8).
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"unrouted_message","provider_id":"SM1","provider":"twilio","consumer":"+12025550123","number":"+12025550199"}
    /// ```
    UnroutedMessage {
        /// The provider's id of the message.
        provider_id: CompactString,
        /// Whose id that is; `None` in events of before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        provider: Option<Provider>,
        /// Who wrote.
        consumer: PhoneNumber,
        /// To what.
        number: SupportNumber,
    },
    /// The telephony's estimate of how long the caller will wait.
    /// ```json
    /// {"at":"2026-11-21T15:04:05Z","type":"wait_estimated","minutes":7}
    /// ```
    WaitEstimated {
        /// In minutes; `None` when it is unknown.
        minutes: Option<u32>,
    },
}

impl Fact {
    /// The word that stands as `type` in the stored form: for metrics, filters and notices.
    pub fn kind(&self) -> &'static str {
        self.into()
    }
}

fn phone_menu() -> Channel {
    Channel::Ivr
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_phone_menu(entry_point: &Channel) -> bool {
    *entry_point == Channel::Ivr
}

#[cfg(test)]
mod tests;
