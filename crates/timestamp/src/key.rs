//! Digests, public keys and the signatures that ring checks.

use der::asn1::ObjectIdentifier;
use ring::{digest, signature};
use x509_cert::spki::AlgorithmIdentifierRef;

use crate::{CertificateFault, oid};

/// A digest that is trusted to tell messages apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    pub(crate) fn named(oid: ObjectIdentifier) -> Option<Self> {
        match oid {
            oid::SHA256 => Some(Self::Sha256),
            oid::SHA384 => Some(Self::Sha384),
            oid::SHA512 => Some(Self::Sha512),
            _ => None,
        }
    }

    pub(crate) fn of(self, bytes: &[u8]) -> digest::Digest {
        let algorithm = match self {
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        };
        digest::digest(algorithm, bytes)
    }
}

/// The scheme of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Ecdsa(Hash),
    Ed25519,
    Rsa(Hash),
}

impl Scheme {
    /// By the identifier of a certificate's signature.
    pub(crate) fn named(oid: ObjectIdentifier) -> Option<Self> {
        match oid {
            oid::RSA_SHA256 => Some(Self::Rsa(Hash::Sha256)),
            oid::RSA_SHA384 => Some(Self::Rsa(Hash::Sha384)),
            oid::RSA_SHA512 => Some(Self::Rsa(Hash::Sha512)),
            oid::ECDSA_SHA256 => Some(Self::Ecdsa(Hash::Sha256)),
            oid::ECDSA_SHA384 => Some(Self::Ecdsa(Hash::Sha384)),
            oid::ED25519 => Some(Self::Ed25519),
            _ => None,
        }
    }

    /// By the identifier of a signer in CMS, which for RSA may leave the digest to a field of its own (RFC 3370,
    /// 3.2).
    pub(crate) fn of_signer(oid: ObjectIdentifier, digest: Hash) -> Option<Self> {
        if oid == oid::RSA { Some(Self::Rsa(digest)) } else { Self::named(oid) }
    }
}

/// A certificate's public key.
#[derive(Clone)]
pub(crate) struct Key {
    algorithm: ObjectIdentifier,
    /// The named curve of an elliptic curve's key.
    curve: Option<ObjectIdentifier>,
    bytes: Vec<u8>,
}

impl Key {
    /// From the two fields of a SubjectPublicKeyInfo.
    pub(crate) fn new(algorithm: &AlgorithmIdentifierRef<'_>, bytes: &[u8]) -> Self {
        Self {
            algorithm: algorithm.oid,
            curve: algorithm.parameters.and_then(|curve| curve.decode_as().ok()),
            bytes: bytes.to_vec(),
        }
    }

    /// An error names the algorithm or curve of a key that cannot check any signature.
    pub(crate) fn supported(&self) -> Result<(), CertificateFault> {
        match (self.algorithm, self.curve) {
            (oid::RSA | oid::ED25519, _) | (oid::EC, Some(oid::P256 | oid::P384)) => Ok(()),
            (algorithm, curve) => {
                Err(CertificateFault::Algorithm { oid: curve.unwrap_or(algorithm).to_string() })
            }
        }
    }

    /// Whether this key made the signature over the message; an RSA key has 2048 to 8192 bits.
    pub(crate) fn signed(&self, scheme: Scheme, message: &[u8], signature: &[u8]) -> bool {
        let algorithm: &dyn signature::VerificationAlgorithm =
            match (self.algorithm, self.curve, scheme) {
                (oid::RSA, _, Scheme::Rsa(Hash::Sha256)) => &signature::RSA_PKCS1_2048_8192_SHA256,
                (oid::RSA, _, Scheme::Rsa(Hash::Sha384)) => &signature::RSA_PKCS1_2048_8192_SHA384,
                (oid::RSA, _, Scheme::Rsa(Hash::Sha512)) => &signature::RSA_PKCS1_2048_8192_SHA512,
                (oid::EC, Some(oid::P256), Scheme::Ecdsa(Hash::Sha256)) => {
                    &signature::ECDSA_P256_SHA256_ASN1
                }
                (oid::EC, Some(oid::P256), Scheme::Ecdsa(Hash::Sha384)) => {
                    &signature::ECDSA_P256_SHA384_ASN1
                }
                (oid::EC, Some(oid::P384), Scheme::Ecdsa(Hash::Sha256)) => {
                    &signature::ECDSA_P384_SHA256_ASN1
                }
                (oid::EC, Some(oid::P384), Scheme::Ecdsa(Hash::Sha384)) => {
                    &signature::ECDSA_P384_SHA384_ASN1
                }
                (oid::ED25519, _, Scheme::Ed25519) => &signature::ED25519,
                _ => return false,
            };
        signature::UnparsedPublicKey::new(algorithm, &self.bytes).verify(message, signature).is_ok()
    }
}
