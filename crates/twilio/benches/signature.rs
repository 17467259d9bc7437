//! Checking the signature of a webhook as Twilio sends it.
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use frontdesk_twilio::{Form, Validator};

const BODY: &[u8] = b"ToCountry=US&ToState=DC&SmsMessageSid=SM0123456789abcdef0123456789abcdef&NumMedia=0&ToCity=WASHINGTON&FromZip=20001&SmsSid=SM0123456789abcdef0123456789abcdef&FromState=DC&SmsStatus=received&FromCity=WASHINGTON&Body=I+was+charged+twice+for+my+order+last+week&FromCountry=US&To=%2B12025550100&ToZip=20001&NumSegments=1&MessageSid=SM0123456789abcdef0123456789abcdef&AccountSid=AC0123456789abcdef0123456789abcdef&From=%2B12025550123&ApiVersion=2010-04-01";
const URL: &str = "https://frontdesk.example.com/webhooks/twilio/messages";

fn signature(c: &mut Criterion) {
    let Ok(validator) = Validator::new("0123456789abcdef0123456789abcdef") else { return };
    let Ok(form) = Form::parse(BODY) else { return };
    let signature = validator.sign(URL, &form);
    c.bench_function("signature/check", |b| {
        b.iter(|| validator.verify(black_box(URL), &form, black_box(&signature)));
    });
    c.bench_function("signature/decode form and check", |b| {
        b.iter(|| {
            Form::parse(black_box(BODY)).map(|form| validator.verify(URL, &form, &signature))
        });
    });
}

criterion_group!(benches, signature);
criterion_main!(benches);
