use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use frontdesk_types::Instant;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Digest;

/// Longest text of a signed head, in bytes: whatever is longer is none.
pub const LONGEST_HEAD: usize = 16 * 1024;
/// Longest origin and longest name of a key, in bytes.
pub const LONGEST_NAME: usize = 255;
/// Most signatures of a head that are read.
const SIGNATURES: usize = 16;
/// The algorithm of signatures, as the id of a key has it: Ed25519.
const ED25519: u8 = 1;
/// The beginning of a signature's line.
pub(super) const DASH: &str = "\u{2014} ";
/// The beginning of a secret key.
const SECRET: &str = "PRIVATE+KEY+";

/// The head of a center's ledger at one moment: how many entries are sealed, and the root of the tree over them.
///
/// Its text is a checkpoint of a transparency log (C2SP `tlog-checkpoint`), with the moment as one line more:
///
/// ```text
/// frontdesk.example.com/acme
/// 20852163
/// CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
/// 2026-11-27T15:00:00.000Z
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerHead {
    /// The ledger, by a name that no other has.
    pub origin: String,
    /// The number of sealed entries.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Digest,
    /// The moment, by the clock of the host that made this.
    pub at: Instant,
}

/// A head with its signatures, in the form of a signed note (C2SP `signed-note`): tools for transparency logs read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedHead {
    head: LedgerHead,
    text: String,
    signatures: Vec<Signature>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Signature {
    name: String,
    key: [u8; 4],
    bytes: Vec<u8>,
}

/// The secret key that signs heads. It is kept outside of the database: whoever has the file alone cannot sign.
pub struct HeadKey {
    name: String,
    key: SigningKey,
}

/// The public key by which anybody checks the signature of heads, as `name+id+key` (C2SP `signed-note`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadVerifier {
    name: String,
    key: VerifyingKey,
}

/// A text that is no head, no signature, or no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoteError {
    /// A name is empty, too long, or has a space, a plus sign or a control character.
    #[error(
        "`{found}` is no name: allowed are 1 to {LONGEST_NAME} bytes without spaces, `+` and control characters"
    )]
    Name {
        /// The name.
        found: String,
    },
    /// A text has more bytes than a head.
    #[error("found {found} bytes; a head has at most {LONGEST_HEAD}")]
    TooLong {
        /// How many.
        found: usize,
    },
    /// A line of a head is not what belongs there.
    #[error("line {line} is not {expected}")]
    Line {
        /// Its number, from 1.
        line: usize,
        /// The part that belongs there.
        expected: &'static str,
    },
    /// A key is not of the form of one. The key itself is not told.
    #[error("a {0} key is `{1}`")]
    Key(&'static str, &'static str),
}

impl LedgerHead {
    /// Whether a ledger may have this name in its heads.
    ///
    /// # Errors
    ///
    /// [`NoteError::Name`] if it is no name.
    pub fn check_origin(origin: &str) -> Result<(), NoteError> {
        check_name(origin)
    }

    /// A head without a signature.
    ///
    /// # Errors
    ///
    /// [`NoteError::Name`] if the origin is no name.
    pub fn unsigned(self) -> Result<SignedHead, NoteError> {
        check_name(&self.origin)?;
        let text = self.to_string();
        Ok(SignedHead { head: self, text, signatures: Vec::new() })
    }
}

impl fmt::Display for LedgerHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { origin, size, root, at } = self;
        let (root, at) = (STANDARD.encode(root.as_bytes()), at.format("%Y-%m-%dT%H:%M:%S%.3fZ"));
        writeln!(f, "{origin}\n{size}\n{root}\n{at}")
    }
}

fn check_name(name: &str) -> Result<(), NoteError> {
    let wrong = |char: char| char.is_whitespace() || char.is_control() || char == '+';
    if name.is_empty() || name.len() > LONGEST_NAME || name.contains(wrong) {
        return Err(NoteError::Name { found: name.chars().take(LONGEST_NAME).collect() });
    }
    Ok(())
}

impl SignedHead {
    /// The head that is signed.
    pub fn head(&self) -> &LedgerHead {
        &self.head
    }

    /// The names of the keys that signed it, as it says itself: [`HeadVerifier::verifies`] tells whether they did.
    pub fn signers(&self) -> impl Iterator<Item = &str> {
        self.signatures.iter().map(|signature| signature.name.as_str())
    }
}

/// The text of the head, a blank line, and a line for each signature.
impl fmt::Display for SignedHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for Signature { name, key, bytes } in &self.signatures {
            let signature = STANDARD.encode([key.as_slice(), bytes].concat());
            writeln!(f, "{DASH}{name} {signature}")?;
        }
        Ok(())
    }
}

impl FromStr for SignedHead {
    type Err = NoteError;

    fn from_str(note: &str) -> Result<Self, NoteError> {
        if note.len() > LONGEST_HEAD {
            return Err(NoteError::TooLong { found: note.len() });
        }
        let wrong = |line, expected| NoteError::Line { line, expected };
        let lines: Vec<&str> =
            note.split_inclusive('\n').map(|line| line.trim_end_matches('\n')).collect();
        let [origin, size, root, at, blank, signatures @ ..] = lines.as_slice() else {
            return Err(wrong(lines.len(), "the last of a head, its four lines and a blank one"));
        };
        if !blank.is_empty() {
            return Err(wrong(5, "blank"));
        }
        check_name(origin)?;
        let size = size.parse().map_err(|_| wrong(2, "a number of entries"))?;
        let root = STANDARD.decode(root).ok().and_then(|root| <[u8; 32]>::try_from(root).ok());
        let root = Digest::from(root.ok_or(wrong(3, "a SHA-256 in Base64"))?);
        let at = at.parse().map_err(|_| wrong(4, "an instant"))?;
        let head = LedgerHead { origin: (*origin).to_owned(), size, root, at };
        let text = head.to_string();
        // One head has one text, so that no two texts are signed alike.
        if !note.starts_with(&text) {
            return Err(wrong(1, "the beginning of a head as it is written"));
        }
        let signatures = signatures.iter().zip(6..).take(SIGNATURES);
        let signatures = signatures.map(|(line, number)| {
            Signature::of(line).ok_or(wrong(number, "a signature: a dash, a name, and Base64"))
        });
        Ok(Self { head, text, signatures: signatures.collect::<Result<_, _>>()? })
    }
}

impl Signature {
    fn of(line: &str) -> Option<Self> {
        let (name, signature) = line.strip_prefix(DASH)?.split_once(' ')?;
        check_name(name).ok()?;
        let signature = STANDARD.decode(signature).ok()?;
        let (key, bytes) = signature.split_first_chunk::<4>()?;
        Some(Self { name: name.to_owned(), key: *key, bytes: bytes.to_vec() })
    }
}

impl Serialize for SignedHead {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for SignedHead {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl HeadKey {
    /// A key with a name, from 32 random bytes.
    ///
    /// # Errors
    ///
    /// [`NoteError::Name`] if the name is none.
    pub fn new(name: &str, random: &[u8; 32]) -> Result<Self, NoteError> {
        check_name(name)?;
        Ok(Self { name: name.to_owned(), key: SigningKey::from_bytes(random) })
    }

    /// The key by which its signatures are checked.
    pub fn verifier(&self) -> HeadVerifier {
        HeadVerifier { name: self.name.clone(), key: self.key.verifying_key() }
    }

    /// The key in its secret form, `PRIVATE+KEY+name+id+key`: for the file that keeps it, and for nothing else.
    pub fn secret(&self) -> String {
        let id = Id(id_of(&self.name, &self.key.verifying_key()));
        let key = STANDARD.encode([&[ED25519], self.key.as_bytes().as_slice()].concat());
        format!("{SECRET}{}+{id}+{key}", self.name)
    }

    /// A head with its signature.
    ///
    /// # Errors
    ///
    /// [`NoteError::Name`] if the origin is no name.
    pub fn sign(&self, head: LedgerHead) -> Result<SignedHead, NoteError> {
        let mut signed = head.unsigned()?;
        let bytes = self.key.sign(signed.text.as_bytes()).to_bytes().to_vec();
        let key = id_of(&self.name, &self.key.verifying_key());
        signed.signatures.push(Signature { name: self.name.clone(), key, bytes });
        Ok(signed)
    }
}

/// Its name alone.
impl fmt::Debug for HeadKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeadKey").field("name", &self.name).finish_non_exhaustive()
    }
}

impl FromStr for HeadKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let wrong = || NoteError::Key("secret", "PRIVATE+KEY+name+id+Base64");
        let (name, id, key) =
            parts(text.strip_prefix(SECRET).ok_or_else(wrong)?).ok_or_else(wrong)?;
        let key = Self::new(name, &key)?;
        if id_of(name, &key.key.verifying_key()) != id {
            return Err(wrong());
        }
        Ok(key)
    }
}

impl HeadVerifier {
    /// The key's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether a head has a good signature of this key. The signature of a point of small order is none.
    pub fn verifies(&self, signed: &SignedHead) -> bool {
        let id = id_of(&self.name, &self.key);
        signed.signatures.iter().any(|Signature { name, key, bytes }| {
            let signature = ed25519_dalek::Signature::from_slice(bytes);
            *name == self.name
                && *key == id
                && signature.is_ok_and(|signature| {
                    self.key.verify_strict(signed.text.as_bytes(), &signature).is_ok()
                })
        })
    }
}

impl fmt::Display for HeadVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = Id(id_of(&self.name, &self.key));
        let key = STANDARD.encode([&[ED25519], self.key.as_bytes().as_slice()].concat());
        write!(f, "{}+{id}+{key}", self.name)
    }
}

impl FromStr for HeadVerifier {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let wrong = || NoteError::Key("public", "name+id+Base64");
        let (name, id, key) = parts(text).ok_or_else(wrong)?;
        check_name(name)?;
        let key = VerifyingKey::from_bytes(&key).map_err(|_| wrong())?;
        if id_of(name, &key) != id {
            return Err(wrong());
        }
        Ok(Self { name: name.to_owned(), key })
    }
}

/// Name, id and 32 bytes of `name+id+Base64`.
fn parts(text: &str) -> Option<(&str, [u8; 4], [u8; 32])> {
    let mut parts = text.trim_end_matches(['\r', '\n']).splitn(3, '+');
    let (name, id, key) = (parts.next()?, parts.next()?, parts.next()?);
    if id.len() != 8 || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let id = u32::from_str_radix(id, 16).ok()?.to_be_bytes();
    let key = STANDARD.decode(key).ok()?;
    let (algorithm, key) = key.split_first()?;
    (*algorithm == ED25519).then_some(())?;
    Some((name, id, key.try_into().ok()?))
}

/// The id of a key: the first four bytes of the SHA-256 of its name, a line feed, its algorithm, and itself (C2SP `signed-note`).
fn id_of(name: &str, key: &VerifyingKey) -> [u8; 4] {
    let bytes = [name.as_bytes(), b"\n", &[ED25519], key.as_bytes()].concat();
    let [a, b, c, d, ..] = *Digest::of(&bytes).as_bytes();
    [a, b, c, d]
}

/// Four bytes as hexadecimal digits.
struct Id([u8; 4]);

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", u32::from_be_bytes(self.0))
    }
}
