//! Where campaigns stand at Twilio: judged by a strict mock made from Twilio's own OpenAPI document, and by a stand-in that
//! changes its mind (DLC-8).

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    process::{Command, Output},
    sync::{Arc, Mutex},
};

use frontdesk_tests::{
    ACCOUNT, ADMIN, ANA, AUTH_TOKEN, Host, Prism, SUPERVISOR, eventually, program, twilio_host,
};
use frontdesk_twilio::{Registrations, Settings};
use serde_json::{Value, json};

use crate::sending::{CREATED, Provider};

const BRAND: &str = "BNaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const SERVICE: &str = "MGaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
/// The brand of the document's first example.
const EXAMPLE: &str = "BN0044409f7e067e279523808d267e2d85";
/// The campaign of the document's examples.
const CAMPAIGN: &str = "QE2c6890da8086d771620e9b13fadeba0b";

/// A Twilio that says of the campaign what it is told to; `None` is that it does not answer.
#[derive(Clone)]
struct Registry {
    url: String,
    word: Arc<Mutex<Option<&'static str>>>,
}

impl Registry {
    fn saying(word: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let word = Arc::new(Mutex::new(Some(word)));
        let said = Arc::clone(&word);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut reader = BufReader::new(stream.unwrap());
                let mut first = String::new();
                let _ = reader.read_line(&mut first);
                let mut line = String::new();
                while reader.read_line(&mut line).unwrap_or(0) > 2 {
                    line.clear();
                }
                let said: Option<&str> = *said.lock().unwrap();
                let answer = match said {
                    None => {
                        "HTTP/1.1 503 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".into()
                    }
                    Some(word) => {
                        let body = resource(&first, word).to_string();
                        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close";
                        format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
                    }
                };
                let _ = reader.get_mut().write_all(answer.as_bytes());
            }
        });
        Self { url, word }
    }

    fn says(&self, word: Option<&'static str>) {
        *self.word.lock().unwrap() = word;
    }
}

fn resource(request: &str, word: &str) -> Value {
    if request.contains("/BrandRegistrations/") {
        return json!({ "sid": BRAND, "status": "APPROVED", "identity_status": "VERIFIED", "brand_score": 75 });
    }
    if request.contains("/PhoneNumbers") {
        let numbers = json!([{ "phone_number": "+12025550100" }]);
        return json!({ "phone_numbers": numbers, "meta": { "next_page_url": null } });
    }
    json!({
        "sid": CAMPAIGN, "brand_registration_sid": BRAND, "messaging_service_sid": SERVICE,
        "campaign_status": word, "campaign_id": "CEXAMPL",
        "errors": [{ "error_code": 30990, "fields": [], "description": "Too many complaints." }]
    })
}

/// A center whose number sends for a campaign; `minutes` is how often Twilio is asked.
fn config(sends: &str, registry: &str, minutes: u32) -> String {
    let campaign = format!(
        "[[compliance.campaigns]]\nid = 'care'\nuse_case = 'CUSTOMER_CARE'\nnumbers = ['+12025550100']\n\
         provider = {{ brand = '{BRAND}', service = '{SERVICE}', campaign = '{CAMPAIGN}' }}\n[[agents]]"
    );
    let base = format!("messaging_base = '{registry}'\nregistration_minutes = {minutes}\napi_base");
    twilio_host(sends).replacen("[[agents]]", &campaign, 1).replace("api_base", &base)
}

fn status(config: &str, arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("center.toml");
    std::fs::write(&path, config).unwrap();
    let mut command = Command::new(program());
    command.arg("status").arg(&path).args(arguments);
    command.env("FRONTDESK_TWILIO_AUTH_TOKEN", AUTH_TOKEN).output().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn hello(host: &Host, id: &str, from: &str) {
    let form = [("MessageSid", id), ("From", from), ("To", "+12025550100"), ("Body", "Hello")];
    let form = frontdesk_tests::encode(&form);
    assert_eq!(host.signed_for_public("/webhooks/twilio/messages", &form).status, 200);
}

/// How many texts have this status.
fn count(host: &Host, status: &str) -> usize {
    let events = host.events().into_iter();
    events.filter(|event| event["type"] == "delivery" && event["status"] == status).count()
}

#[test]
fn dlc_8_twilio_is_asked_as_its_document_says() {
    let prism = Prism::start("twilio-a2p-openapi.json");
    // The mock is strict: it refuses what the document does not allow.
    let url = format!("{}/v1/a2p/BrandRegistrations/{}", prism.url, "BN1");
    let request = ureq::get(&url).config().http_status_as_error(false).build();
    assert_eq!(request.header("Authorization", "Basic QUM6eA==").call().unwrap().status(), 422);

    let output = status(&config("http://127.0.0.1:9", &prism.url, 0), &["--json"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    // As the first example of each resource says; that of the brand is about another brand than that of the campaign.
    assert_eq!(told[0]["failure"], "the provider's answer cannot be read: it is about another one");
    let answer = &told[0]["answer"];
    assert_eq!(answer["campaign"], json!({ "state": "pending", "word": "PENDING" }));
    assert_eq!((&answer["att_class"], &answer["t_mobile_tier"]), (&json!("A"), &json!("TOP")));
    assert_eq!(answer["registry_campaign"], "CFOOBAR");
    assert_eq!(answer["numbers"], json!(["+987654321"]));
    assert_eq!((&told[0]["status"], &told[0]["configured"]), (&json!("pending"), &json!("active")));

    let settings = Settings {
        account_sid: ACCOUNT.into(),
        auth_token: AUTH_TOKEN.into(),
        base_url: prism.url.clone(),
        status_callback: None,
    };
    let registrations = Registrations::new(settings).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let brand = runtime.block_on(registrations.brand(EXAMPLE)).unwrap();
    assert_eq!((brand.status.as_deref(), brand.brand_score), (Some("PENDING"), Some(42)));
    assert_eq!(
        (brand.identity_status.as_deref(), brand.tcr_id.as_deref()),
        (Some("VERIFIED"), Some("BXXXXXX"))
    );
    assert_eq!(brand.reasons(), ["Registration error", "TAX_ID", "NONPROFIT"]);
}

#[test]
fn dlc_8_a_campaign_that_is_suspended_stops_the_host_and_comes_back() {
    let (sends, registry) = (Provider::with(vec![CREATED; 9]), Registry::saying("VERIFIED"));
    let config = config(&sends.url, &registry.url, 1_440);
    let folder = tempfile::tempdir().unwrap();
    let host = Host::start(folder.path(), Some(&config));
    let shown =
        |host: &Host| host.call(SUPERVISOR, "GET", "/compliance/registrations", None).json();
    // It is asked at the start.
    eventually("an answer", || (shown(&host)[0]["answer"] != Value::Null).then_some(()));
    assert_eq!(shown(&host)[0]["status"], "active");
    hello(&host, "SM1", "+12025550123");
    eventually("texts that leave", || (count(&host, "accepted") == 2).then_some(()));

    registry.says(Some("SUSPENDED"));
    let refresh = "/compliance/registrations/refresh";
    for (method, path) in [("GET", "/compliance/registrations"), ("POST", refresh)] {
        assert_eq!(host.call(ANA, method, path, None).status, 403);
    }
    let refreshed = host.call(SUPERVISOR, "POST", refresh, None);
    assert_eq!(refreshed.status, 200, "{refreshed:?}");
    let refreshed = refreshed.json();
    assert_eq!(refreshed, shown(&host));
    assert_eq!(refreshed[0]["answer"]["reasons"], json!(["30990: Too many complaints."]));
    assert_eq!(host.get("/compliance/numbers")[0]["status"], "suspended");
    let changes = host.events().into_iter().filter(|event| event["type"] == "registration_changed");
    assert_eq!(changes.count(), 2);
    hello(&host, "SM2", "+12025550124");
    eventually("texts that are refused", || (count(&host, "refused") == 2).then_some(()));
    let log = host.log();
    assert!(log.contains("the provider says that a campaign may not send"), "{log}");
    assert!(!log.contains("5550123") && !log.contains(AUTH_TOKEN), "{log}");

    // The process dies, and the provider does not answer: the last answer holds.
    registry.says(None);
    host.kill();
    let host = Host::start(folder.path(), Some(&config));
    eventually("a failure", || (shown(&host)[0]["failure"] != Value::Null).then_some(()));
    assert_eq!(shown(&host)[0]["status"], "suspended");
    hello(&host, "SM3", "+12025550125");
    eventually("texts that are refused", || (count(&host, "refused") == 4).then_some(()));
    let log = host.log();
    assert!(log.contains("its last answer holds"), "{log}");
    let counted = "frontdesk_registration_failures_total{misconfigured=\"false\"}";
    assert!(host.metrics().contains(counted), "{}", host.metrics());

    registry.says(Some("VERIFIED"));
    assert_eq!(host.call(ADMIN, "POST", refresh, None).json()[0]["status"], "active");
    hello(&host, "SM4", "+12025550126");
    eventually("texts that leave", || (count(&host, "accepted") == 4).then_some(()));
}

#[test]
fn dlc_8_the_command_tells_where_campaigns_stand() {
    let registry = Registry::saying("VERIFIED");
    let config = config("http://127.0.0.1:9", &registry.url, 15);
    let good = status(&config, &[]);
    assert_eq!(good.status.code(), Some(0), "{good:?}");
    let expected = "\
CAMPAIGN  CONFIGURED  PROVIDER  GATE    BRAND     IDENTITY  SCORE  NUMBERS
care      active      VERIFIED  active  APPROVED  VERIFIED  75     1
";
    assert_eq!(told(&good), expected);
    registry.says(Some("SUSPENDED"));
    let stopped = status(&config, &[]);
    assert_eq!(stopped.status.code(), Some(1));
    assert!(told(&stopped).contains("    30990: Too many complaints.\n"), "{stopped:?}");
    registry.says(None);
    let silent = status(&config, &[]);
    assert_eq!(silent.status.code(), Some(1));
    assert!(told(&silent).contains("the provider cannot be asked now: 503"), "{silent:?}");
    // Without an account nobody can be asked, and without a campaign nobody needs to be.
    let alone = config.replace("[host.twilio]", "").replace("carrier = 'twilio'", "");
    let lines = alone.lines().filter(|line| {
        !["account_sid", "api_base", "messaging_base", "registration_minutes"]
            .iter()
            .any(|name| line.starts_with(name))
    });
    let alone = lines.collect::<Vec<_>>().join("\n");
    let unasked = status(&alone, &[]);
    assert_eq!(unasked.status.code(), Some(1), "{unasked:?}");
    let aside = String::from_utf8(unasked.stderr).unwrap();
    assert!(aside.contains("FRONTDESK_TWILIO_AUTH_TOKEN") && !aside.contains(ACCOUNT), "{aside}");
    let none = status(&frontdesk_tests::center(""), &[]);
    assert_eq!((none.status.code(), told(&none)), (Some(0), "no campaign is configured\n".into()));
}
