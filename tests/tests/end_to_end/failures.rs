//! 500: the server fails without revealing internals.

use media_client::{Error, MediaQuery};
use media_server::{
    ApiKey, KeyHash, KeyId, KeyRecord, LibraryId, MediaItem, MediaLibrary, PageRequest,
    StorageError,
};

use crate::test_server::{self, client};

/// A text that no response may contain.
const SECRET: &str = "/srv/secret/media.db";

/// A storage that fails to list, and either accepts any key or fails to look it up.
pub(crate) struct Failing {
    pub(crate) knows_keys: bool,
}

impl MediaLibrary for Failing {
    async fn find_key(&self, hash: KeyHash) -> Result<Option<KeyRecord>, StorageError> {
        if !self.knows_keys {
            return Err(StorageError::new(format!("cannot open {SECRET}")));
        }
        Ok(Some(KeyRecord {
            id: KeyId::new("key_test"),
            hash,
            library: LibraryId::new("test"),
        }))
    }

    async fn list_media(
        &self,
        _: &LibraryId,
        _: PageRequest,
    ) -> Result<Vec<MediaItem>, StorageError> {
        Err(StorageError::new(format!("cannot read {SECRET}")))
    }
}

/// A key that only [`Failing`] knows.
pub(crate) fn any_key() -> String {
    let key = ApiKey::generate().expect("the system has randomness");
    key.reveal().to_owned()
}

async fn failure(server: &mut test_server::TestServer, library: Failing) -> Error {
    let url = server.start(library).await;
    let client = client(&url, &any_key());
    let listed = client.list_media(&MediaQuery::new()).await;
    listed.expect_err("the storage fails")
}

#[test]
fn client_gets_a_failure_with_a_request_id() {
    test_server::run(async |server| {
        let error = failure(server, Failing { knows_keys: true }).await;
        let Error::Server(failure) = &error else {
            panic!("{error:?}")
        };
        assert_eq!(
            (failure.status.as_u16(), &*failure.code),
            (500, "internal_error")
        );
        assert!(failure.request_id.is_some() && error.is_retryable());
    });
}

#[test]
fn responses_reveal_no_internals() {
    let recorder = test_server::run(async |server| {
        for knows_keys in [true, false] {
            failure(server, Failing { knows_keys }).await;
        }
    });
    for exchange in recorder.exchanges() {
        let response = format!("{:?} {}", exchange.headers, exchange.json());
        assert!(!response.contains("secret"), "{response}");
    }
}

#[test]
fn failure_counts_against_the_limit_of_a_known_key() {
    let recorder = test_server::run(async |server| {
        for knows_keys in [true, false] {
            failure(server, Failing { knows_keys }).await;
        }
    });
    let counted: Vec<_> = recorder
        .exchanges()
        .iter()
        .map(|exchange| {
            (
                exchange.status,
                exchange.header("x-ratelimit-limit").is_some(),
            )
        })
        .collect();
    assert_eq!(counted, [(500, true), (500, false)]);
}
