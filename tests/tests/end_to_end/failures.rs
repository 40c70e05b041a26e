//! 500: the server fails, and says nothing about its insides.

use media_client::{Error, MediaQuery};
use media_server::{
    ApiKey, KeyHash, KeyId, KeyRecord, LibraryId, MediaItem, MediaLibrary, PageRequest,
    StorageError,
};

use crate::test_server::{self, client};

/// What no answer may contain.
const SECRET: &str = "/srv/secret/media.db";

/// A storage that knows every key, or not even that, and fails to list.
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
fn the_client_sees_a_failure_that_it_can_report() {
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
fn the_insides_of_the_server_stay_inside() {
    let recorder = test_server::run(async |server| {
        for knows_keys in [true, false] {
            failure(server, Failing { knows_keys }).await;
        }
    });
    for exchange in recorder.exchanges() {
        let answer = format!("{:?} {}", exchange.headers, exchange.json());
        assert!(!answer.contains("secret"), "{answer}");
    }
}

#[test]
fn a_failure_is_counted_once_the_key_is_known() {
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
