//! The heads that are kept, with what anchors answered.

use frontdesk_tendlc::{Anchored, AnchoredHead, Retention, SignedHead};
use frontdesk_types::{CenterId, Instant};

use super::sealer::{ANCHORED, HEADS, head_key};
use crate::{
    EngineError,
    store::{Item, Store, StoreError},
};

/// Items that are read at a time.
const PAGE: usize = 500;

/// Whether a head is older than every retention: entries that it covers may have been dropped.
pub(super) fn is_out_of_retention(head: &AnchoredHead, now: Instant) -> bool {
    Retention::sealed_before(now).is_some_and(|before| head.head.head().at < before)
}

/// Reads every item of a kind.
async fn items(
    store: &dyn Store,
    center: &CenterId,
    kind: &'static str,
) -> Result<Vec<Item>, StoreError> {
    let mut all: Vec<Item> = Vec::new();
    loop {
        let after = all.last().map(|item| item.key.clone());
        let page = store.items(center, kind, after.as_deref(), PAGE).await?;
        let full = page.len() == PAGE;
        all.extend(page);
        if !full {
            return Ok(all);
        }
    }
}

/// The newest head of a center; `None` if none was made.
///
/// # Errors
///
/// [`EngineError::Store`] where the store cannot be read.
pub async fn newest_head(
    store: &dyn Store,
    center: &CenterId,
) -> Result<Option<SignedHead>, EngineError> {
    let newest = items(store, center, HEADS).await?.pop();
    Ok(newest.map(|item| item.read()).transpose()?)
}

/// Every head of a center, the oldest first; of one that cannot be read, its key and why.
pub(crate) async fn kept_heads(
    store: &dyn Store,
    center: &CenterId,
) -> Result<Vec<Result<AnchoredHead, String>>, EngineError> {
    let anchored = items(store, center, ANCHORED).await?;
    let mut anchored = anchored.iter().peekable();
    let mut heads = Vec::new();
    for item in items(store, center, HEADS).await? {
        let head = match item.read::<SignedHead>() {
            Ok(head) if head_key(head.head().size) == item.key => head,
            Ok(head) => {
                heads.push(Err(format!(
                    "head {} says that it has {} entries",
                    item.key,
                    head.head().size
                )));
                continue;
            }
            Err(error) => {
                heads.push(Err(format!("head {}: {error}", item.key)));
                continue;
            }
        };
        let mut anchors = Vec::new();
        while let Some(answer) =
            anchored.next_if(|answer| answer.key < item.key || is_of(answer, &item))
        {
            match answer.read::<Anchored>() {
                Ok(read) if is_of(answer, &item) => anchors.push(read),
                Ok(_) => {
                    heads.push(Err(format!("answer {} is of a head that is gone", answer.key)));
                }
                Err(error) => heads.push(Err(format!("answer {}: {error}", answer.key))),
            }
        }
        heads.push(Ok(AnchoredHead { head, anchors }));
    }
    heads.extend(
        anchored.map(|answer| Err(format!("answer {} is of a head that is gone", answer.key))),
    );
    Ok(heads)
}

/// Whether an answer is of a head.
fn is_of(answer: &Item, head: &Item) -> bool {
    answer.key.split_once(' ').is_some_and(|(size, _)| size == head.key)
}
