//! Brands, campaigns and numbers as Twilio answers for them, and everything else that may come instead (DLC-8).
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
};

use frontdesk::{
    RegistrationAnswer, RegistrationError, RegistrationIds, RegistrationLookup,
    types::RegistrationState,
};
use frontdesk_twilio::{Registrations, Settings};
use serde_json::{Value, json};

const BRAND: &str = "BN0123456789abcdef0123456789abcdef";
const SERVICE: &str = "MG0123456789abcdef0123456789abcdef";
const CAMPAIGN: &str = "QE0123456789abcdef0123456789abcdef";

fn brand() -> Value {
    json!({
        "sid": BRAND, "account_sid": format!("AC{}", "0".repeat(32)), "status": "APPROVED", "identity_status": "VETTED_VERIFIED",
        "brand_score": 87, "tcr_id": "BEXAMPL", "failure_reason": null, "errors": [], "brand_feedback": ["TAX_ID"],
        "mock": false, "russell_3000": true, "links": { "brand_vettings": "https://x.example" }
    })
}

fn campaign() -> Value {
    json!({
        "sid": CAMPAIGN, "brand_registration_sid": BRAND, "messaging_service_sid": SERVICE,
        "campaign_status": "VERIFIED", "campaign_id": "CEXAMPL", "us_app_to_person_usecase": "MARKETING",
        "rate_limits": { "att": { "mps": 600, "msg_class": "A" }, "tmobile": { "brand_tier": "TOP" } },
        "errors": [], "mock": false, "age_gated": false
    })
}

fn page(numbers: &[&str], next: Option<&str>) -> Value {
    let numbers = numbers.iter().map(|number| json!({ "phone_number": number, "sid": "PN1" }));
    json!({ "phone_numbers": numbers.collect::<Vec<_>>(), "meta": { "next_page_url": next, "key": "phone_numbers" } })
}

/// The answer to a request line: status, and body.
type Serve = dyn Fn(&str) -> (u16, String) + Send + Sync;

/// A server that answers every request, and remembers what it was asked.
struct Stand {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Stand {
    fn with(serve: impl Fn(&str) -> (u16, String) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (asked, serve) = (Arc::new(Mutex::default()), Arc::new(serve));
        let told = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                answer(stream.unwrap(), &told, &*serve);
            }
        });
        Self { url, asked }
    }

    /// With the three resources, after a change.
    fn changed(change: impl Fn(&mut Value, &mut Value, &mut Value)) -> Self {
        let (mut brand, mut campaign) = (brand(), campaign());
        let mut numbers = page(&["+12025550120"], None);
        change(&mut brand, &mut campaign, &mut numbers);
        Self::with(move |request| {
            let of = |value: &Value| (200, value.to_string());
            match request.split(' ').nth(1).unwrap().split('?').next().unwrap() {
                path if path.contains("/BrandRegistrations/") => of(&brand),
                path if path.contains("/Compliance/Usa2p/") => of(&campaign),
                path if path.ends_with("/PhoneNumbers") => of(&numbers),
                _ => (404, "{\"code\":20404}".into()),
            }
        })
    }

    fn registrations(&self) -> Registrations {
        let account_sid = format!("AC{}", "0".repeat(32));
        let (auth_token, base_url) = ("secret".into(), format!("{}/", self.url));
        let settings = Settings { account_sid, auth_token, base_url, status_callback: None };
        Registrations::new(settings).unwrap()
    }

    async fn ask(&self) -> Result<RegistrationAnswer, RegistrationError> {
        self.registrations().registration(&ids()).await
    }

    fn paths(&self) -> Vec<String> {
        let asked = self.asked.lock().unwrap();
        asked.iter().map(|line| line.split(' ').nth(1).unwrap().to_owned()).collect()
    }
}

fn answer(stream: TcpStream, asked: &Mutex<Vec<String>>, serve: &Serve) {
    let mut reader = BufReader::new(stream);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 || line == "\r\n" {
            break;
        }
        head.push(line.trim().to_owned());
    }
    let Some(first) = head.first() else { return };
    let signed = head.iter().any(|line| line.to_lowercase().starts_with("authorization: basic "));
    assert!(signed, "{head:?}");
    let (status, body) = serve(first);
    asked.lock().unwrap().push(first.clone());
    let more =
        if status == 429 { "Retry-After: 7\r\n" } else { "Location: http://127.0.0.1:9/\r\n" };
    let head = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n{more}\r\n",
        body.len()
    );
    // Whoever has read enough hangs up.
    let _ = reader.get_mut().write_all(head.as_bytes());
    let _ = reader.get_mut().write_all(body.as_bytes());
}

fn ids() -> RegistrationIds {
    RegistrationIds { brand: BRAND.into(), service: SERVICE.into(), campaign: CAMPAIGN.into() }
}

fn misconfigured(reason: &str) -> RegistrationError {
    RegistrationError::Misconfigured { reason: reason.into() }
}

fn unavailable(reason: &str, retry_after: Option<u32>) -> RegistrationError {
    RegistrationError::Unavailable { reason: reason.into(), retry_after }
}

fn unreadable(reason: &str) -> RegistrationError {
    RegistrationError::Unreadable { reason: reason.into() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dlc_8_brand_campaign_and_numbers_are_one_answer() {
    let stand = Stand::changed(|_, _, numbers| {
        *numbers = page(&["+12025550120", "no number", "+12025550121"], None);
    });
    let RegistrationAnswer { status, incomplete } = stand.ask().await.unwrap();
    assert_eq!(incomplete, None);
    assert_eq!(
        serde_json::to_value(&status).unwrap(),
        json!({
            "standing": {
                "campaign": { "state": "active", "word": "VERIFIED" },
                "brand": { "state": "active", "word": "APPROVED" },
                "identity": "VETTED_VERIFIED", "score": 87, "att_class": "A", "t_mobile_tier": "TOP"
            },
            "registry_campaign": "CEXAMPL", "registry_brand": "BEXAMPL",
            "numbers": ["+12025550120", "+12025550121"]
        })
    );
    assert_eq!(
        stand.paths(),
        [
            format!("/v1/Services/{SERVICE}/Compliance/Usa2p/{CAMPAIGN}"),
            format!("/v1/a2p/BrandRegistrations/{BRAND}"),
            format!("/v1/Services/{SERVICE}/PhoneNumbers?PageSize=100"),
        ]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dlc_8_a_suspension_and_its_reasons_are_told_as_twilio_tells_them() {
    let stand = Stand::changed(|brand, campaign, _| {
        campaign["campaign_status"] = "SUSPENDED".into();
        campaign["errors"] =
            json!([{ "error_code": 30990, "fields": [], "description": "Suspended." }]);
        campaign["mock"] = true.into();
        (campaign["rate_limits"], campaign["campaign_id"]) = (Value::Null, Value::Null);
        (brand["status"], brand["identity_status"]) = ("BEING_ASKED".into(), Value::Null);
        (brand["brand_score"], brand["failure_reason"]) = (Value::Null, "a new reason".into());
    });
    let status = stand.ask().await.unwrap().status;
    assert_eq!(status.standing.state(), RegistrationState::Suspended);
    let brand = status.standing.brand.as_ref().unwrap();
    assert_eq!((brand.state, brand.word.as_str()), (RegistrationState::Unknown, "BEING_ASKED"));
    assert_eq!(status.reasons, ["30990: Suspended.", "a new reason", "TAX_ID"]);
    assert!(status.standing.mock && status.standing.att_class.is_none());
    // A status that is missing is not approved.
    let stand = Stand::changed(|_, campaign, _| campaign["campaign_status"] = Value::Null);
    let campaign = stand.ask().await.unwrap().status.standing.campaign;
    assert_eq!((campaign.state, campaign.word.as_str()), (RegistrationState::Unknown, ""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dlc_8_an_answer_about_something_else_is_none() {
    for (name, other) in
        [("sid", CAMPAIGN.replace('0', "1")), ("messaging_service_sid", SERVICE.replace('0', "1"))]
    {
        let stand = Stand::changed(move |_, campaign, _| campaign[name] = other.clone().into());
        assert_eq!(stand.ask().await, Err(unreadable("it is about another one")), "{name}");
    }
    let other = BRAND.replace('0', "1");
    let stand = Stand::changed(move |_, campaign, _| {
        campaign["brand_registration_sid"] = other.clone().into();
    });
    let expected = format!("the campaign belongs to another brand than `{BRAND}`");
    assert_eq!(stand.ask().await, Err(misconfigured(&expected)));
    let stand = Stand::changed(|brand, _, _| brand["sid"] = "BN1".into());
    let answer = stand.ask().await.unwrap();
    assert_eq!(answer.incomplete, Some(unreadable("it is about another one")));
    assert!(answer.status.standing.brand.is_none() && answer.status.numbers.is_some());
    // Shapes that are not Twilio's.
    for wrong in ["{}", "[]", "null", "nonsense", r#"{"sid":5}"#] {
        let stand = Stand::with(move |_| (200, wrong.into()));
        assert_eq!(stand.ask().await, Err(unreadable("no campaign of Twilio's")), "{wrong}");
    }
    for score in [json!(-1), json!(256), json!("87"), json!(8.5)] {
        let stand = Stand::changed(move |brand, _, _| brand["brand_score"] = score.clone());
        let incomplete = stand.ask().await.unwrap().incomplete;
        assert_eq!(incomplete, Some(unreadable("no brand of Twilio's")));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dlc_8_each_refusal_has_its_kind() {
    let gone = format!("there is no campaign `{CAMPAIGN}` in the account (20404)");
    for (status, body, expected) in [
        (401, r#"{"code":20003}"#, misconfigured("not authorised (20003)")),
        (403, "", misconfigured("not authorised (403)")),
        (404, r#"{"code":20404}"#, misconfigured(&gone)),
        (400, r#"{"code":20001}"#, misconfigured("Twilio refuses the question (20001)")),
        (400, "", misconfigured("not Twilio's answer (400)")),
        (204, "", misconfigured("not Twilio's answer (204)")),
        (307, "", misconfigured("not Twilio's answer (307)")),
        (408, "", unavailable("408", None)),
        (429, r#"{"code":20429}"#, unavailable("20429", Some(7))),
        (500, "", unavailable("500", None)),
        (503, r#"{"code":20503}"#, unavailable("20503", None)),
    ] {
        let stand = Stand::with(move |_| (status, body.into()));
        assert_eq!(stand.ask().await, Err(expected), "{status} {body}");
        assert_eq!(stand.paths().len(), 1, "no redirection is followed, nothing is asked twice");
    }
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let nobody = Stand { url, asked: Arc::default() };
    assert_eq!(nobody.ask().await, Err(unavailable("not reachable", None)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dlc_8_a_suspension_is_heard_where_brand_and_numbers_fail() {
    let mut suspended = campaign();
    suspended["campaign_status"] = "SUSPENDED".into();
    let stand = Stand::with(move |request| {
        if request.contains("/Usa2p/") {
            (200, suspended.to_string())
        } else {
            (503, String::new())
        }
    });
    let answer = stand.ask().await.unwrap();
    assert_eq!(answer.status.standing.state(), RegistrationState::Suspended);
    assert_eq!(answer.incomplete, Some(unavailable("503", None)));
    assert_eq!((answer.status.standing.brand, answer.status.numbers), (None, None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dlc_8_pages_are_read_to_their_end_and_not_for_ever() {
    // The next page is said to be on another host: only its place is believed.
    let stand = Stand::with(|request| {
        let second = request.contains("PageToken=PAPN%2B1");
        let next = "https://evil.example/v1/steal?PageSize=100&Page=1&PageToken=PAPN%2B1";
        let page = if second {
            page(&["+12025550121"], None)
        } else {
            page(&["+12025550120"], Some(next))
        };
        (200, page.to_string())
    });
    let numbers = stand.registrations().numbers(SERVICE).await.unwrap();
    assert_eq!(numbers.len(), 2);
    let path = format!("/v1/Services/{SERVICE}/PhoneNumbers");
    assert_eq!(
        stand.paths(),
        [format!("{path}?PageSize=100"), format!("{path}?PageSize=100&Page=1&PageToken=PAPN%2B1")]
    );
    let endless = Stand::with(|_| {
        (200, page(&["+12025550120"], Some("https://messaging.twilio.com/?Page=1")).to_string())
    });
    let expected = Err(unreadable("the numbers do not end after 20 pages"));
    assert_eq!(endless.registrations().numbers(SERVICE).await, expected);
    assert_eq!(endless.paths().len(), 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dlc_8_an_answer_is_read_up_to_a_bound() {
    let long = |characters: usize| {
        let mut campaign = campaign();
        campaign["description"] = "x".repeat(characters).into();
        Stand::with(move |_| (200, campaign.to_string())).registrations()
    };
    assert!(long(200_000).campaign(SERVICE, CAMPAIGN).await.is_ok());
    let refused = long(300_000).campaign(SERVICE, CAMPAIGN).await;
    assert_eq!(refused, Err(unreadable("no campaign of Twilio's")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dlc_8_ids_of_another_form_are_asked_of_nobody() {
    let stand = Stand::changed(|_, _, _| {});
    let registrations = stand.registrations();
    let (short, path) = (&BRAND[..33], "BN0123456789abcdef/../../Accounts?");
    for wrong in ["", "BN", short, path, &BRAND.replace('0', "g"), &SERVICE.replace("MG", "mg")] {
        let refused = registrations.brand(wrong).await;
        assert!(matches!(refused, Err(RegistrationError::Misconfigured { .. })), "{wrong}");
        assert!(registrations.numbers(wrong).await.is_err());
        assert!(registrations.campaign(SERVICE, wrong).await.is_err());
        assert!(registrations.campaign(wrong, CAMPAIGN).await.is_err());
    }
    assert_eq!(stand.paths(), [""; 0]);
    assert_eq!(Registrations::check_ids(&ids()), []);
    let wrong = RegistrationIds { brand: "QE1".into(), service: String::new(), ..ids() };
    let fields: Vec<_> = Registrations::check_ids(&wrong).iter().map(|it| it.field).collect();
    assert_eq!(fields, ["brand", "service"]);
    assert!(!format!("{registrations:?}").contains("secret"));
}
