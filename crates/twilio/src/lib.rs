#![doc = include_str!("../README.md")]

mod body;
mod campaign;
mod client;
mod form;
mod lookup;
mod registration;
mod signature;
mod webhook;

pub use campaign::{CampaignError, CampaignRequest};
pub use client::{Settings, SettingsError, Twilio};
pub use form::{Form, FormError};
pub use lookup::Lookup;
pub use registration::{
    BrandRegistration, CarrierRates, RegistrationIdError, Registrations, UsAppToPerson,
};
pub use signature::{BlankToken, Validator};
pub use webhook::{Incoming, Status, incoming, status};
