//! Keeping pictures and videos in files.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use frontdesk::{MediaKey, MediaStore, MemoryMedia};
use frontdesk_media::ObjectMedia;

fn key(message: &str, index: u8) -> MediaKey {
    MediaKey { center: "acme".parse().unwrap(), provider: None, message: message.into(), index }
}

async fn keeps(store: &dyn MediaStore) {
    let one = key("SM1", 0);
    assert_eq!(store.get(&one).await.unwrap(), None);
    store.put(&one, b"one".to_vec()).await.unwrap();
    store.put(&one, b"one".to_vec()).await.unwrap();
    store.put(&key("SM1", 1), b"two".to_vec()).await.unwrap();
    store.put(&key("../../SM1", 0), b"three".to_vec()).await.unwrap();
    assert_eq!(store.get(&one).await.unwrap().unwrap(), b"one");
    assert_eq!(store.get(&key("../../SM1", 0)).await.unwrap().unwrap(), b"three");
    store.delete(&one).await.unwrap();
    store.delete(&one).await.unwrap();
    assert_eq!(store.get(&one).await.unwrap(), None);
    assert_eq!(store.get(&key("SM1", 1)).await.unwrap().unwrap(), b"two");
}

#[tokio::test]
async fn what_was_put_in_is_there_and_nowhere_else() {
    keeps(&MemoryMedia::new()).await;
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("media");
    keeps(&ObjectMedia::files(&inside).unwrap()).await;
    keeps(&ObjectMedia::at("memory:///", []).unwrap()).await;
    assert!(ObjectMedia::at("nowhere", []).is_err());
    assert!(ObjectMedia::at("gopher://store", []).is_err());
    // Another process finds it, and nothing has left the folder.
    let again = ObjectMedia::files(&inside).unwrap();
    assert_eq!(again.get(&key("SM1", 1)).await.unwrap().unwrap(), b"two");
    assert_eq!(folder.path().read_dir().unwrap().count(), 1);
}
