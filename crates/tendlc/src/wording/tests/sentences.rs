//! Sentences with a meaning, and near ones without it: written by hand, one kind of wording each.

use super::super::{Meaning, Reading};

/// Sentences that have a meaning, and sentences that do not.
type Table = (Meaning, &'static [&'static str], &'static [&'static str]);

const CONSENT: &[Table] = &[
    (
        Meaning::Condition,
        &[
            "By booking, you agree to receive text messages from Acme.",
            "By placing an order you consent to order texts.",
            "By creating an account, users agree to get SMS from us.",
            "Customers who order online are automatically opted in to texts.",
            "Every patient is enrolled in text reminders at the first visit.",
            "Clients must agree to receive texts to book a visit.",
            "Members are automatically subscribed when they join the gym.",
            "Agreeing to texts is a condition of the rental.",
            "Consent to text messages is required to open an account.",
            "By using our services, customers consent to receive text messages.",
            "By making a reservation the guest agrees to be texted about the stay.",
            "Completing the purchase constitutes consent to text messages.",
            "All new tenants are signed up for texts.",
            "Texts are part of the service and cannot be declined by the customer, as consent is required for booking.",
        ],
        &[
            "By checking this box, you agree to receive text messages from Acme.",
            "Consent is not a condition of purchase.",
            "Agreeing is never required to book.",
            "Nobody is enrolled automatically.",
            "By texting JOIN you agree to get deals from Acme.",
            "Patients are not automatically opted in.",
            "Consent is not needed to donate or volunteer.",
        ],
    ),
    (
        Meaning::Preselected,
        &[
            "The box is checked by default.",
            "A pre-checked box says that they agree.",
            "The checkbox is already ticked when the page loads, and buyers may untick it.",
            "Texts are on by default.",
            "The toggle defaults to on.",
            "The consent box comes pre-selected.",
            "Shoppers who do not want texts can uncheck the box.",
            "Customers are opted in by default.",
            "The option is selected for them.",
            "The box is ticked automatically once the number is entered.",
        ],
        &[
            "The box is unchecked by default.",
            "The box is not checked by default.",
            "It is never ticked for the customer.",
            "The box isn't pre-checked.",
            "Text alerts are off by default.",
            "Email is on by default, SMS isn't.",
            "None of the boxes is pre-selected.",
            "Checkbox, not ticked in advance.",
            "The default is No.",
        ],
    ),
    (
        Meaning::Forced,
        &[
            "Parents must check the box to sign up for a session.",
            "The Enroll button stays grey until the box is checked.",
            "The form cannot be submitted without ticking the box.",
            "The SMS checkbox is required.",
            "The consent box and the phone number are both mandatory.",
            "Users cannot continue unless they agree to texts.",
            "They have to tick the consent box before they can place the order.",
            "The box must be ticked before the form will submit.",
            "The customer is required to accept texts in order to complete the booking.",
            "If the box is left empty, the order cannot be placed without consent.",
        ],
        &[
            "The form can be sent with the box empty.",
            "Nobody must check the box to register.",
            "The box is not required.",
            "The phone number is required only where the box is ticked.",
            "You can buy tickets without joining.",
            "Ticking the box is optional, and the order goes through either way.",
            "They must check the box to sign up for text alerts.",
            "The box must be ticked to receive texts from Acme.",
        ],
    ),
    (
        Meaning::InTerms,
        &[
            "Consent to texts is part of our Terms of Service.",
            "Customers accept our terms of service, which include consent to text messages.",
            "By accepting the Terms and Conditions, users agree to receive SMS.",
            "The consent language is in section 7 of the customer agreement.",
            "The terms, which every customer accepts at sign-up, state that we may text them.",
            "Users opt in to texts by agreeing to our terms of use.",
            "Permission to text is included in the rental agreement.",
            "There is no separate checkbox for texts.",
            "The lease contains a clause in which the tenant agrees to texts.",
            "Consent is given when the customer accepts the terms of service.",
        ],
        &[
            "See our Terms and Privacy Policy.",
            "The texting terms are at acme.example/terms.",
            "Consent is not part of the terms.",
            "A separate box is for the terms.",
            "It's not part of the enrollment contract.",
        ],
    ),
    (
        Meaning::Implied,
        &[
            "All recipients are existing clients whose numbers are on file.",
            "Texting us counts as consent.",
            "They expect to hear from us.",
            "We have an existing business relationship with them.",
            "Customers gave us their number when they opened the account.",
            "Their numbers are already in our system.",
            "Consent is implied, as they are customers.",
            "Being a member is considered consent.",
            "This constitutes implied consent.",
            "We text until they opt out.",
        ],
        &[
            "Existing customers check a box on the form.",
            "A number in our system is not taken for consent.",
            "Numbers appearing in case files without the form are not used.",
        ],
    ),
    (
        Meaning::TextsAll,
        &[
            "We text all existing customers.",
            "Our office sends text messages to every client of the firm.",
            "We message everyone in our database.",
            "We upload our customer list into the texting platform.",
            "Texts go out to all of our past guests.",
            "The team texts our entire client base.",
            "We notify all current members.",
            "Messages are sent to everyone on file.",
            "We send offers by text to anyone who has ordered from us.",
            "All our patients receive text messages.",
            "No opt-in is needed, as they are our customers.",
        ],
        &[
            "We text all customers who checked the box.",
            "We text only those who opted in.",
            "We do not text all our customers.",
            "Texts go to every member that joined the list.",
            "All subscribers receive four texts a month.",
            "Customers text JOIN to our number.",
        ],
    ),
    (
        Meaning::MayStayEmpty,
        &[
            "The form can be sent with the box empty.",
            "The box is optional.",
            "Buyers can place the order without checking the box.",
            "They may leave it unchecked.",
        ],
        &["Consent is not a condition of purchase.", "The box must not be left empty."],
    ),
    (
        Meaning::Bought,
        &[
            "Numbers come from a purchased list.",
            "We buy leads from a data broker.",
            "We rent a list of homeowners every month.",
            "Contacts are provided by a lead generation company.",
            "The list is licensed from a data company.",
            "Leads come from third-party websites.",
            "Phone numbers were acquired from a marketing partner.",
        ],
        &[
            "There are no purchased or rented lists.",
            "We do not buy leads.",
            "Numbers are never purchased, rented, sold or shared.",
            "No voter-file numbers, no purchased lists.",
            "We don't buy leads and wouldn't text one.",
        ],
    ),
    (
        Meaning::Listings,
        &[
            "We take numbers from public records.",
            "Owners are found in the county's tax records and skip traced.",
            "We collect business phone numbers from Google and Yelp.",
            "Sellers list their number on Craigslist, and we text them.",
            "The numbers are publicly available in the directory.",
            "We look up the owners of expired listings.",
            "Realtors' numbers are scraped from the MLS.",
        ],
        &[
            "Customers find the form on our website.",
            "We do not take numbers from public records.",
            "The form is separate from all other court filings.",
            "The number is on the home page.",
        ],
    ),
    (
        Meaning::Login,
        &[
            "After logging in, customers open Settings and turn on texts.",
            "The opt-in stands in the customer portal.",
            "Users log in to their account and check a box.",
            "The form is only visible to logged-in members.",
            "It requires a login.",
            "The form is behind a login.",
            "In account settings, users add a phone.",
            "The page cannot be seen without logging in.",
            "Patients opt in inside the patient portal.",
            "Once signed in, the driver goes to the dashboard.",
            "Test credentials are available to the reviewer.",
            "A password is required to see it.",
            "Under Profile > Notifications in their account they choose texts.",
        ],
        &[
            "No login is needed.",
            "The page is open to all, without an account.",
            "When creating an account at acme.example/signup the user picks a channel.",
            "It does not require a login.",
        ],
    ),
    (
        Meaning::InApp,
        &[
            "Users opt in in the Acme app.",
            "In the app, under Settings, they turn on texts.",
            "Members use our mobile app to opt in.",
            "They open the Settings menu and choose Text alerts.",
            "During onboarding in the iPhone app a switch is shown.",
        ],
        &["They apply at the counter.", "Guests open the page on a phone."],
    ),
];

const MATTER: &[Table] = &[
    (
        Meaning::Frequency,
        &[
            "We text when your order moves.",
            "Msg count depends on your account.",
            "You will receive a single message.",
            "Messages are sent as events require.",
            "Messages recur.",
            "We write every other week.",
        ],
        &["We text with care.", "Messages are short.", "The count is off."],
    ),
    (
        Meaning::Rates,
        &[
            "Your plan's rates apply.",
            "Fees from your phone company may apply.",
            "Depending on your plan, you may be charged for texts.",
            "M&D rates may apply.",
        ],
        &["The plan begins in May.", "Our rates are fair."],
    ),
    (
        Meaning::Advertises,
        &[
            "Acme: 20% off all frames this weekend!",
            "Flash sale today. Shop now.",
            "Buy one, get one free until Sunday.",
            "Save up to $50 on tires.",
            "Use code SPRING at checkout.",
            "Upgrade to Acme Plus, first 3 months half price.",
            "Don't miss our biggest sale of the year.",
            "New arrivals are in store.",
            "Get $10 off your next visit.",
        ],
        &[
            "Your order has shipped.",
            "Use code 123456 to sign in.",
            "Your sign-in code is 123456.",
            "The house is for sale by its owner; your showing is at 3.",
            "Your appointment is tomorrow at 9.",
            "There are no discounts in this campaign.",
        ],
    ),
    (
        Meaning::Platform,
        &[
            "Acme is software for salons, which text their clients through it.",
            "Contractors use our platform to send reminders to their customers.",
            "We send texts on behalf of the businesses that use our software.",
            "Messages go to our customers' customers.",
            "Each salon sends reminders to its own clients.",
            "Our app helps dentists text their patients.",
            "Salons that use Acme remind their clients of visits.",
            "The recipients are clients of the salons on our platform.",
            "Plumbers text their customers with the tool.",
        ],
        &[
            "Prepared by the agency on behalf of the brand.",
            "Acme Salon reminds its clients of visits.",
            "Owners can choose to be texted on events of their own lock.",
            "Our scheduling software reminds our patients.",
        ],
    ),
    (
        Meaning::Shares,
        &[
            "We may share your phone number with our affiliates.",
            "We share mobile numbers with marketing partners.",
            "Your information may be sold to third parties.",
            "Affiliates may use your mobile number to text you offers.",
            "We sell your data, but you may object.",
            "We do not sell your email, but we may share your phone number with partners.",
            "Phone numbers are provided to selected sponsors.",
        ],
        &[
            "We do not share your phone number with affiliates.",
            "No mobile information will be shared with third parties or affiliates for marketing.",
            "Numbers are never sold, rented or shared with partners.",
            "We share numbers with service providers who deliver the texts.",
            "Information may be shared with subcontractors in support services.",
            "Mobile numbers won't be shared with third parties.",
        ],
    ),
    (
        Meaning::Leads,
        &[
            "We match homeowners with contractors in their area.",
            "Requests are forwarded to up to four lenders.",
            "Our partners may call or text you with offers.",
            "We sell leads to insurance agents.",
            "Visitors of our comparison site get offers from providers.",
            "Inquiries are passed to participating dealers.",
        ],
        &[
            "We never pass inquiries to other firms.",
            "No leads are sold to partners.",
            "We connect you with your dentist's office.",
        ],
    ),
    (
        Meaning::Politics,
        &[
            "Vote for Jane Doe on Tuesday.",
            "Help us elect a new city council.",
            "Our candidate needs you.",
            "Early voting ends Friday.",
        ],
        &[
            "Give blood this Friday.",
            "The food drive begins at 9.",
            "Vote for your favorite puppy name.",
        ],
    ),
    (
        Meaning::Final,
        &[
            "You will no longer receive messages from Acme.",
            "You have been unsubscribed and will receive no further messages.",
            "No more texts will be sent.",
            "You won't get any more texts from us.",
            "We won't text you again.",
            "You will not be texted again.",
            "This is the last message you will get.",
            "Texts have been turned off.",
            "You'll receive nothing further from us.",
            "We have stopped all messages.",
            "We have removed you from our list.",
            "You've been taken off the text list.",
            "Your number has been deleted from our texting program.",
            "Your subscription has ended.",
            "Your subscription to Acme Alerts is now cancelled.",
            "You are no longer subscribed to our texts.",
        ],
        &[
            "Your subscription has been renewed.",
            "To end your subscription, call us.",
            "We have added you to our list.",
            "We received your message.",
            "Thanks for your reply!",
            "You are unsubscribed.",
            "Reply START to join again.",
        ],
    ),
    (
        Meaning::TestText,
        &[
            "This is a test message.",
            "Acme: Test message 1.",
            "Testing 123.",
            "Sample message 2.",
            "Lorem ipsum dolor sit amet.",
            "If you receive this message, it works.",
            "Message text goes here.",
            "This is only a test.",
        ],
        &[
            "Your test results are ready.",
            "Book a test drive.",
            "Your COVID test is on [date].",
            "Your smoke test passed.",
        ],
    ),
    (
        Meaning::DateOfBirth,
        &[
            "The page asks for the date of birth.",
            "An age gate asks for MM/DD/YYYY.",
            "Visitors enter their birthdate.",
            "We verify age with an ID check.",
        ],
        &["They enter a phone number.", "There is no age gate.", "Must be 21+."],
    ),
    (
        Meaning::Minors,
        &[
            "You have to be 13 or older to join.",
            "Teens and adults alike get drink specials.",
            "It is open to all ages.",
        ],
        &[
            "Only people of 21 or older are admitted.",
            "Under 21s are turned away.",
            "Those under 18 cannot enter.",
        ],
    ),
];

#[test]
fn sentences_have_their_meanings_and_near_ones_do_not() {
    let mut wrong = Vec::new();
    for (meaning, has, lacks) in CONSENT.iter().chain(MATTER) {
        let says = |sentence: &&&str| Reading::of(sentence).says(*meaning);
        wrong.extend(
            has.iter()
                .filter(|sentence| !says(sentence))
                .map(|sentence| format!("{meaning:?} misses: {sentence}")),
        );
        wrong.extend(
            lacks.iter().filter(says).map(|sentence| format!("{meaning:?} takes: {sentence}")),
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
