//! Pages that anybody may read answer to this host's own names only: a page of another site that has its name lead here
//! (DNS rebinding) reads nothing.

use std::net::IpAddr;

use axum::{
    extract::{Request, State},
    http::{StatusCode, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{App, error::ApiError};

/// Where everything takes a token or a signature: no other site has those.
pub(super) const PROTECTED: [&str; 3] = ["/api/", "/apps/", "/webhooks/"];

/// Refuses what is asked of another host.
pub(super) async fn check(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if PROTECTED.iter().any(|start| path.starts_with(start)) {
        return next.run(request).await;
    }
    let host = request.headers().get(header::HOST).map(|host| host.to_str().unwrap_or_default());
    let host = host.or_else(|| request.uri().host());
    if host.is_none_or(|host| is_own(host, &app.names)) {
        return next.run(request).await;
    }
    let message = "this host has another name; an operator can add one with `host.names`";
    ApiError::new(StatusCode::MISDIRECTED_REQUEST, "wrong_host", message).into_response()
}

fn is_own(host: &str, names: &[String]) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    let name = authority.host().trim_end_matches('.').to_lowercase();
    let address = name.trim_matches(['[', ']']).parse::<IpAddr>();
    address.is_ok() || name == "localhost" || name.ends_with(".localhost") || names.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_answers_to_its_own_names() {
        let names = ["frontdesk.example.com".to_owned()];
        for (host, own) in [
            ("127.0.0.1:8080", true),
            ("[::1]:8080", true),
            ("192.0.2.7", true),
            ("localhost:8080", true),
            ("LocalHost", true),
            ("frontdesk.example.com", true),
            ("Frontdesk.Example.com.:443", true),
            ("evil.example", false),
            ("evil.example:8080", false),
            ("frontdesk.example.com.evil.example", false),
            ("localhost.evil.example", false),
            ("", false),
            ("a b", false),
        ] {
            assert_eq!(is_own(host, &names), own, "{host}");
        }
    }
}
