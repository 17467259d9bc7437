use std::{fmt, path::Path, sync::Arc};

use async_trait::async_trait;
use frontdesk::{MediaKey, MediaStore, store::StoreError};
use object_store::{
    Error, ObjectStore, ObjectStoreExt, local::LocalFileSystem, parse_url_opts,
    path::Path as ObjectPath, prefix::PrefixStore,
};

use reqwest::Url;

/// Keeps pictures and videos in an object store: a folder, or whatever the crate `object_store` reaches.
///
/// A key is the path `center/message/index`.
#[derive(Clone)]
pub struct ObjectMedia(Arc<dyn ObjectStore>);

impl fmt::Debug for ObjectMedia {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ObjectMedia({})", self.0)
    }
}

impl ObjectMedia {
    /// In any store: S3 for example (`object_store::aws::AmazonS3Builder`, the feature `aws`).
    pub fn new(store: Arc<dyn ObjectStore>) -> Self {
        Self(store)
    }

    /// Where a URL says: `s3://bucket/folder` (the feature `aws`), `file:///folder`, `memory:///`. Options are the
    /// store's own, `aws_access_key_id` for example; unknown ones are ignored, so that a host may hand over its
    /// environment.
    pub fn at(
        url: &str,
        options: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, StoreError> {
        let url = url.parse::<Url>().map_err(StoreError::backend)?;
        let (store, path) = parse_url_opts(&url, options).map_err(StoreError::backend)?;
        Ok(Self(Arc::new(PrefixStore::new(store, path))))
    }

    /// In files below a folder, which is made if it is not there: for one host, beside its database.
    pub fn files(folder: &Path) -> Result<Self, StoreError> {
        private_folder(folder).map_err(StoreError::backend)?;
        let files = LocalFileSystem::new_with_prefix(folder).map_err(StoreError::backend)?;
        Ok(Self(Arc::new(files.with_fsync(true))))
    }
}

/// Makes a folder for its owner alone; what everybody may do with one that is there is taken away.
#[cfg(unix)]
fn private_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let mut permissions = std::fs::metadata(folder)?.permissions();
    let without_everybody = permissions.mode() & !0o007;
    if without_everybody == permissions.mode() {
        return Ok(());
    }
    permissions.set_mode(without_everybody);
    std::fs::set_permissions(folder, permissions)
}

/// Makes a folder.
#[cfg(not(unix))]
fn private_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)
}

fn path(key: &MediaKey) -> ObjectPath {
    ObjectPath::from(key.to_string())
}

#[async_trait]
impl MediaStore for ObjectMedia {
    async fn put(&self, key: &MediaKey, content: Vec<u8>) -> Result<(), StoreError> {
        self.0.put(&path(key), content.into()).await.map(drop).map_err(StoreError::backend)
    }

    async fn get(&self, key: &MediaKey) -> Result<Option<Vec<u8>>, StoreError> {
        let found = match self.0.get(&path(key)).await {
            Ok(found) => found,
            Err(Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(StoreError::backend(error)),
        };
        let bytes = found.bytes().await.map_err(StoreError::backend)?;
        Ok(Some(bytes.to_vec()))
    }

    async fn delete(&self, key: &MediaKey) -> Result<(), StoreError> {
        match self.0.delete(&path(key)).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(StoreError::backend(error)),
        }
    }
}
