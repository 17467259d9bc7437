#![doc = include_str!("../README.md")]

mod client;
mod form;
mod signature;
mod webhook;

pub use client::{Settings, SettingsError, Twilio};
pub use form::{Form, FormError};
pub use signature::Validator;
pub use webhook::{Status, inbound, status};
