use proptest::prelude::*;

use super::{
    HeadKey, HeadVerifier, Inclusion, KEPT_EVERY, LedgerHead, Misplaced, NoteError, SealTree,
    SignedHead, seal_leaf,
};
use crate::{Digest, LedgerKey};

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

/// RFC 9162, 2.1.1: a leaf is hashed with a zero byte before it.
fn leaf(bytes: &[u8]) -> Digest {
    Digest::of(&[&[0], bytes].concat())
}

fn leaves(size: u64) -> Vec<Digest> {
    (0..size).map(|n| leaf(&n.to_be_bytes())).collect()
}

fn tree(leaves: &[Digest]) -> SealTree {
    let mut tree = SealTree::default();
    for leaf in leaves {
        let _ = tree.push(*leaf);
    }
    tree
}

fn inclusion(leaves: &[Digest], sequence: u64) -> Inclusion {
    let size = leaves.len() as u64;
    let root = |part: std::ops::Range<u64>| {
        let (start, end) =
            (usize::try_from(part.start).unwrap(), usize::try_from(part.end).unwrap());
        tree(&leaves[start..end]).root()
    };
    let path = Inclusion::subtrees(sequence, size).into_iter().map(root).collect();
    Inclusion { sequence, size, path }
}

/// The roots that every implementation of Certificate Transparency tests with.
#[test]
fn dlc_3_roots_are_those_of_certificate_transparency() {
    let inputs = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ];
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut tree = SealTree::default();
    for (input, root) in inputs.iter().zip(roots) {
        tree.push(leaf(&hex(input)));
        assert_eq!(tree.root().to_string(), root, "{} leaves", tree.size());
    }
}

#[test]
fn dlc_3_a_leaf_is_proven_at_its_place_and_nowhere_else() {
    for size in (1..=70).chain([127, 128, 129, 255, 256, 257]) {
        let leaves = leaves(size);
        let root = tree(&leaves).root();
        for (sequence, leaf) in (0..).zip(&leaves) {
            let proof = inclusion(&leaves, sequence);
            assert!(proof.proves(*leaf, root), "{sequence} of {size}");
            let elsewhere = Inclusion { sequence: (sequence + 1) % size, ..proof.clone() };
            assert!(size == 1 || !elsewhere.proves(*leaf, root), "{sequence} of {size}");
            assert!(!proof.proves(Digest::of(b"another"), root));
            let larger = Inclusion { size: size * 2 + 1, ..proof.clone() };
            assert!(!larger.proves(*leaf, root));
        }
        assert!(Inclusion::subtrees(size, size).is_empty());
        let beyond = Inclusion { sequence: size, size, path: Vec::new() };
        assert!(!beyond.proves(root, root));
    }
}

proptest! {
    /// A subtree is read from nodes that are kept, and from leaves beside them: the root is the same.
    #[test]
    fn dlc_3_kept_nodes_stand_for_their_leaves(size in 1_u64..2_000) {
        let leaves = leaves(size);
        let (mut whole, mut kept) = (SealTree::default(), Vec::new());
        for leaf in &leaves {
            kept.extend(whole.push(*leaf));
        }
        prop_assert_eq!(kept.len() as u64, (size >> KEPT_EVERY) + (size >> (2 * KEPT_EVERY)));
        let mut joined = SealTree::default();
        for node in kept.iter().filter(|node| node.height == KEPT_EVERY) {
            prop_assert_eq!(node.index << KEPT_EVERY, joined.size());
            joined.push_subtree(node.height, node.root).unwrap();
        }
        let rest = usize::try_from(joined.size()).unwrap();
        for leaf in &leaves[rest..] {
            let _ = joined.push(*leaf);
        }
        prop_assert_eq!(joined, whole);
    }
}

#[test]
fn a_subtree_has_its_place() {
    let mut tree = tree(&leaves(3));
    let root = Digest::of(b"");
    assert_eq!(tree.push_subtree(1, root), Err(Misplaced { height: 1, size: 3 }));
    assert_eq!(tree.push_subtree(64, root), Err(Misplaced { height: 64, size: 3 }));
    assert_eq!(tree.push_subtree(0, root), Ok(()));
    assert_eq!(tree.size(), 4);
}

#[test]
fn dlc_3_a_leaf_names_its_entry() {
    let key = |consumer: &str, programme: &str| LedgerKey {
        consumer: consumer.parse().unwrap(),
        programme: programme.into(),
    };
    let digest = Digest::of(b"entry");
    let one = seal_leaf(&key("+12025550123", "news"), 1, &digest);
    for other in [
        seal_leaf(&key("+12025550124", "news"), 1, &digest),
        seal_leaf(&key("+12025550123", "offers"), 1, &digest),
        seal_leaf(&key("+12025550123", "news"), 2, &digest),
        seal_leaf(&key("+12025550123", "news"), 1, &Digest::of(b"another")),
    ] {
        assert_ne!(one, other);
    }
}

/// The keys of the test of golang.org/x/mod/sumdb/note.
const SECRET: &str =
    "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const PUBLIC: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

fn head() -> LedgerHead {
    LedgerHead {
        origin: "frontdesk.example.com/acme".into(),
        size: 20_852_163,
        root: Digest::of(b"root"),
        at: "2026-11-27T15:00:00Z".parse().unwrap(),
    }
}

#[test]
fn dlc_3_keys_are_those_of_signed_notes() {
    let key: HeadKey = SECRET.parse().unwrap();
    assert_eq!(key.secret(), SECRET);
    assert_eq!(key.verifier().to_string(), PUBLIC);
    assert_eq!(PUBLIC.parse(), Ok(key.verifier()));
    assert_eq!(format!("{PUBLIC}\n").parse(), Ok(key.verifier()));
    for wrong in [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        &PUBLIC.replace("c74f", "c74e"),
        &PUBLIC.replace("Peter", "Petra"),
        &PUBLIC.replace("+ARpc", "+ERpc"),
        &format!("{PUBLIC}AA"),
        &PUBLIC.replace("PeterNeumann", "Peter Neumann"),
    ] {
        assert!(wrong.parse::<HeadVerifier>().is_err(), "{wrong}");
    }
    for wrong in [PUBLIC, &SECRET.replace("c74f", "c74e"), &SECRET[..SECRET.len() - 4]] {
        let error = wrong.parse::<HeadKey>().unwrap_err();
        assert!(!error.to_string().contains("AYEKFALV"), "{error}");
    }
    assert!(!format!("{key:?}").contains("AYEK"));
}

#[test]
fn dlc_3_a_signed_head_is_read_back_and_nobody_changes_it() {
    let key: HeadKey = SECRET.parse().unwrap();
    let signed = key.sign(head()).unwrap();
    let text = signed.to_string();
    insta::assert_snapshot!(text);
    assert_eq!(text.parse(), Ok(signed.clone()));
    assert!(key.verifier().verifies(&signed));
    assert_eq!(signed.signers().collect::<Vec<_>>(), ["PeterNeumann"]);
    let unsigned = head().unsigned().unwrap();
    assert_eq!(unsigned.to_string().parse(), Ok(unsigned.clone()));
    assert!(!key.verifier().verifies(&unsigned));
    let other = HeadKey::new("PeterNeumann", &[7; 32]).unwrap();
    assert!(!other.verifier().verifies(&signed));
    // Whatever byte is changed: it is no head, or its signature is not good.
    for (at, byte) in text.bytes().enumerate() {
        for with in [byte ^ 1, b'0', b'\n'] {
            let mut changed = text.clone().into_bytes();
            changed[at] = with;
            let Ok(changed) = String::from_utf8(changed) else { continue };
            let Ok(read) = changed.parse::<SignedHead>() else { continue };
            assert!(read == signed || !key.verifier().verifies(&read), "{at}: {changed}");
        }
    }
}

#[test]
fn what_is_no_head_is_told_with_its_line() {
    let text = head().unsigned().unwrap().to_string();
    let error = |text: &str| text.parse::<SignedHead>().unwrap_err().to_string();
    let table = [
        (
            text.replace("20852163", "020852163"),
            "line 1 is not the beginning of a head as it is written",
        ),
        (text.replace("20852163", "many"), "line 2 is not a number of entries"),
        (text.replace("2026-", ""), "line 4 is not an instant"),
        (format!("{text}hello\n"), "line 6 is not a signature: a dash, a name, and Base64"),
        (text.replace(".com/acme", ".com acme"), "`frontdesk.example com acme` is no name"),
        ("a\nb".into(), "line 2 is not the last of a head, its four lines and a blank one"),
    ];
    for (text, expected) in table {
        let found = error(&text);
        assert!(found.starts_with(&expected.replace("example com", "example.com")[..9]), "{found}");
        assert!(
            found.contains(expected.trim_start_matches("`frontdesk.example com acme` ")),
            "{found}"
        );
    }
    let long = "x".repeat(20_000);
    assert_eq!(long.parse::<SignedHead>(), Err(NoteError::TooLong { found: 20_000 }));
}
