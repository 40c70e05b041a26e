//! The parameter styles of OpenAPI, as the server receives them.

#![allow(clippy::unwrap_used)]

mod support;

use depot_client::types::{Filter, FindShelvesPage, Spot};
use support::{Received, Server};

fn spot() -> Spot {
    Spot {
        row: 2,
        column: "a/b".to_owned(),
    }
}

/// The request with the parameters set by `set`, in addition to those in the path.
async fn sent(
    set: impl FnOnce(depot_client::builder::FindShelves<'_>) -> depot_client::builder::FindShelves<'_>,
) -> Received {
    let server = Server::ok().await;
    let client = server.client();
    let request = client
        .find_shelves()
        .at(spot())
        .within(vec!["x".to_owned(), "y,z".to_owned()]);
    set(request).send().await.unwrap();
    server.only()
}

/// The query of that request.
async fn query(
    set: impl FnOnce(depot_client::builder::FindShelves<'_>) -> depot_client::builder::FindShelves<'_>,
) -> String {
    let target = sent(set).await.target;
    target
        .split_once('?')
        .map_or_else(String::new, |(_, query)| query.to_owned())
}

#[tokio::test]
async fn path_parameters_in_label_and_matrix_style() {
    let plain = sent(|request| request).await;
    assert_eq!(plain.target, "/shelves/;row=2;column=a%2Fb/.x,y%2Cz");
}

#[tokio::test]
async fn delimiters_in_values_are_escaped() {
    let ids = ["a,b", "c d"].map(str::to_owned).to_vec();
    assert_eq!(query(|request| request.ids(ids)).await, "ids=a%2Cb,c%20d");
    assert_eq!(query(|request| request.ids(Vec::new())).await, "ids=");
    assert_eq!(
        query(|request| request.sizes(vec![1, 2])).await,
        "sizes=1%7C2"
    );
}

#[tokio::test]
async fn objects_in_deep_object_and_form_style() {
    let filter = Filter::builder()
        .name("a&b".to_owned())
        .spot(spot())
        .kinds(vec!["k".to_owned(), "l".to_owned()])
        .spots(vec![spot()]);
    let sent = query(|request| request.filter(filter)).await;
    let mut pairs: Vec<&str> = sent.split('&').collect();
    pairs.sort_unstable();
    assert_eq!(
        pairs,
        [
            "filter%5Bkinds%5D=k",
            "filter%5Bkinds%5D=l",
            "filter%5Bname%5D=a%26b",
            "filter%5Bspot%5D%5Bcolumn%5D=a%2Fb",
            "filter%5Bspot%5D%5Brow%5D=2",
            "filter%5Bspots%5D%5B0%5D%5Bcolumn%5D=a%2Fb",
            "filter%5Bspots%5D%5B0%5D%5Brow%5D=2",
        ]
    );
    let page = FindShelvesPage::builder()
        .limit(3)
        .sort(vec!["a".to_owned(), "-b".to_owned()]);
    assert_eq!(
        query(|request| request.page(page)).await,
        "limit=3&sort=a&sort=-b"
    );
    let empty = FindShelvesPage::builder();
    assert_eq!(query(|request| request.page(empty)).await, "");
}

#[tokio::test]
async fn parameter_with_content_is_json() {
    let filter = Filter::builder().name("a b".to_owned());
    let request = sent(|request| request.where_(filter)).await;
    assert_eq!(request.query("where").as_deref(), Some(r#"{"name":"a b"}"#));
}

#[tokio::test]
async fn headers_and_cookies_in_simple_and_form_style() {
    let flags = ["a", "b c"].map(str::to_owned).to_vec();
    let request = sent(|request| request.x_spot(spot()).flags(flags)).await;
    assert_eq!(request.header("x-spot"), "row=2,column=a/b");
    assert_eq!(request.header("cookie"), "flags=a; flags=b%20c");
}

#[tokio::test]
async fn all_cookies_are_in_one_header() {
    let flags = vec!["a".to_owned()];
    let request = sent(|request| request.flags(flags).session("c=; admin=1")).await;
    let cookies: Vec<_> = request.headers.get_all("cookie").iter().collect();
    assert_eq!(cookies, ["session=c=%3B%20admin=1; flags=a"]);
}
