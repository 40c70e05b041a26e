//! The tests get a response of every status in the contract.

use media_client::{Error, MediaQuery, reqwest};
use media_server::App;
use media_server::test_support::TempLibrary;

use crate::failures::{Failing, any_key};
use crate::test_server::{self, client, limit, send};

#[test]
fn every_status_in_the_contract_has_a_response() {
    let files = TempLibrary::new();
    files.import("default", "video.mp4");
    let key = files.key("default");
    let recorder = test_server::run(async |server| {
        let app = App::new(files.library.clone()).rate_limit(limit(2));
        let url = server.start_app(app).await;
        let good = client(&url, &key);
        good.list_media(&MediaQuery::new()).await.unwrap();

        let invalid = format!("{url}/media?limit=500");
        let rejected = send(reqwest::Client::new().get(invalid).bearer_auth(&key)).await;
        assert_eq!(rejected.status, 400);

        let limited = good.list_media(&MediaQuery::new()).await;
        assert!(
            matches!(limited, Err(Error::RateLimited { .. })),
            "{limited:?}"
        );

        let unauthorized = client(&url, &any_key());
        let unknown = unauthorized.list_media(&MediaQuery::new()).await;
        assert!(
            matches!(unknown, Err(Error::Unauthorized(_))),
            "{unknown:?}"
        );

        let url = server.start(Failing { knows_keys: true }).await;
        let failed = client(&url, &any_key())
            .list_media(&MediaQuery::new())
            .await;
        assert!(matches!(failed, Err(Error::Server(_))), "{failed:?}");
    });
    let unseen = recorder.unseen();
    assert!(
        unseen.is_empty(),
        "extend this test, so that it gets these responses: {unseen:#?}"
    );
}
