use std::iter;

use frontdesk_types::Instant;

use crate::{
    Authority, CertificateFault, MAX_CHAIN, MAX_SIGNATURE_CHECKS, StampError,
    certificate::Certificate,
};

/// A certificate that a path from the signer has reached.
#[derive(Clone, Copy)]
struct Node<'c> {
    certificate: &'c Certificate,
    /// The place of the certificate that it issued; none for the signer's.
    issued: Option<usize>,
    /// Certificates from the signer's to this one.
    length: usize,
    /// Authorities between the signer and an issuer of this one. Self-issued ones do not count (RFC 5280, 6.1.4).
    beneath: usize,
}

/// The shortest chain from the signer's certificate to a root, both included, valid at an instant.
///
/// The search goes by breadth and reaches each certificate once, so that a reply cannot make it long.
pub(crate) fn to_root<'c>(
    signer: &'c Certificate,
    offered: &'c [Certificate],
    authority: &'c Authority,
    at: Instant,
) -> Result<Vec<&'c Certificate>, StampError> {
    if authority.trusts(signer) {
        return Ok(vec![signer]);
    }
    let mut nodes = vec![Node { certificate: signer, issued: None, length: 1, beneath: 0 }];
    let mut first_fault = None;
    let mut checks = 0;
    let mut place = 0;
    while let Some(node) = nodes.get(place).copied() {
        for candidate in authority.certificates().chain(offered) {
            let reached = nodes.iter().any(|node| node.certificate.raw() == candidate.raw());
            if reached || candidate.subject() != node.certificate.issuer() {
                continue;
            }
            checks += 1;
            if checks > MAX_SIGNATURE_CHECKS {
                return Err(first_fault.unwrap_or_else(|| untrusted(node.certificate)));
            }
            if let Err(fault) = check(node, candidate, at) {
                first_fault.get_or_insert(fault);
                continue;
            }
            let reached = Node {
                certificate: candidate,
                issued: Some(place),
                length: node.length + 1,
                beneath: node.beneath + usize::from(!candidate.is_self_issued()),
            };
            if authority.trusts(candidate) {
                return Ok(path(&nodes, reached));
            }
            nodes.push(reached);
        }
        place += 1;
    }
    let last = nodes.last().map_or(signer, |node| node.certificate);
    Err(first_fault.unwrap_or_else(|| untrusted(last)))
}

/// Whether a certificate issued a node's, and may have.
fn check(node: Node<'_>, issuer: &Certificate, at: Instant) -> Result<(), StampError> {
    let child = node.certificate;
    if node.length == MAX_CHAIN {
        return Err(StampError::ChainLength { subject: child.subject_text().into() });
    }
    child.check_signature(issuer).map_err(fault_of(child))?;
    issuer.check_validity(at).map_err(fault_of(issuer))?;
    issuer.check_authority(node.beneath).map_err(fault_of(issuer))
}

/// The error for a fault of a certificate.
pub(crate) fn fault_of(certificate: &Certificate) -> impl Fn(CertificateFault) -> StampError {
    |fault| StampError::Certificate { subject: certificate.subject_text().into(), fault }
}

fn untrusted(last: &Certificate) -> StampError {
    StampError::UntrustedIssuer {
        subject: last.subject_text().into(),
        issuer: last.issuer_text().into(),
    }
}

/// From the signer's certificate to a node's.
fn path<'c>(nodes: &[Node<'c>], end: Node<'c>) -> Vec<&'c Certificate> {
    let beneath = |node: &Node<'c>| nodes.get(node.issued?).copied();
    let mut path: Vec<_> =
        iter::successors(Some(end), beneath).map(|node| node.certificate).collect();
    path.reverse();
    path
}
