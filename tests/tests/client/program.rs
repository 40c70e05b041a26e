//! The client and the command line against the mocks, all three generated.

use toys_client::{Client, Error};
use toys_client::types::{Problem, Size, Toy};
use toys_client_mock::{MockServer, MockServerExt};

fn car() -> Toy {
    Toy { name: "car".to_owned(), wheels: Some(4) }
}

#[tokio::test(flavor = "current_thread")]
async fn client_decodes_responses_of_the_mock() {
    let server = MockServer::start_async().await;
    let parts = vec!["door".to_owned(), "roof".to_owned()];
    server.get_toy(|when, then| {
        when.id("a.b").parts(&parts);
        then.ok(&car());
    });
    let client = Client::new(&server.base_url());
    let toy = client.get_toy().id("a.b").parts(parts.clone()).send().await;
    assert_eq!(toy.unwrap().wheels, Some(4));
    // The dot is matched literally, not as a pattern.
    assert!(client.get_toy().id("axb").send().await.is_err());
}

#[tokio::test(flavor = "current_thread")]
async fn mock_expects_parameters_as_the_client_sends_them() {
    let server = MockServer::start_async().await;
    let size = Size { length: Some(3), width: None };
    let colors = ["red,green", "a b"].map(str::to_owned).to_vec();
    let mock = server.get_toy(|when, then| {
        when.id("a b/c").within(&size).colors(&colors).x_size(&size).shelf("top");
        then.ok(&car());
    });
    let client = Client::new(&server.base_url());
    let request = client.get_toy().id("a b/c").within(size.clone()).colors(colors);
    request.x_size(size).shelf("top").send().await.unwrap();
    mock.assert_async().await;
    assert!(client.get_toy().id("a b/c").send().await.is_err());

    server.get_toy(|when, then| {
        when.id("1").within(None);
        then.ok(&car());
    });
    assert!(client.get_toy().id("1").send().await.is_ok());
    let sized = client.get_toy().id("1").within(Size { length: Some(3), width: None });
    assert!(sized.send().await.is_err());
}

#[tokio::test(flavor = "current_thread")]
async fn mock_expects_bodies_as_the_client_sends_them() {
    let server = MockServer::start_async().await;
    let client = Client::new(&server.base_url());
    let added = server.add_toy(|when, then| {
        when.body(&car());
        then.created();
    });
    client.add_toy().body(car()).send().await.unwrap();
    let other = Toy { name: "train".to_owned(), wheels: None };
    assert!(client.add_toy().body(other).send().await.is_err());
    added.assert_async().await;

    let stored = server.put_picture(|when, then| {
        when.id("1").body([0xff, 0]);
        then.no_content();
    });
    client.put_picture().id("1").body(vec![0xff, 0]).send().await.unwrap();
    assert!(client.put_picture().id("1").body(vec![0xff, 1]).send().await.is_err());
    stored.assert_async().await;
}

#[tokio::test(flavor = "current_thread")]
async fn mock_responds_with_what_is_declared_and_what_is_not() {
    let server = MockServer::start_async().await;
    let client = Client::new(&server.base_url());
    server.get_picture(|when, then| {
        when.id("1");
        then.ok([0xff, 0]);
    });
    let picture = client.get_picture().id("1").send().await.unwrap();
    assert_eq!(picture.content_length(), Some(2));
    server.get_picture(|when, then| {
        when.id("2");
        then.raw_response(418, "text/plain", "a teapot");
    });
    let error = client.get_picture().id("2").send().await.unwrap_err();
    assert!(matches!(error, Error::UnexpectedResponse(_)), "{error}");
    server.add_toy(|_, then| {
        then.default_response(507, &Problem { message: "no shelf".to_owned() });
    });
    match client.add_toy().body(car()).send().await.unwrap_err() {
        Error::ErrorResponse(problem) => assert_eq!(problem.message, "no shelf"),
        other => panic!("{other}"),
    }
}

#[tokio::test(flavor = "current_thread")]
async fn exit_status_of_the_command_line() {
    let server = MockServer::start_async().await;
    server.get_toy(|when, then| {
        when.id("1");
        then.ok(&car());
    });
    server.get_toy(|when, then| {
        when.id("2");
        then.not_found(&Problem { message: "not found".to_owned() });
    });
    let picture = server.put_picture(|when, then| {
        when.id("1");
        then.no_content();
    });
    let url = server.base_url();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let run = async |args: &[&str]| {
        let given = ["toys", "--base-url", &url, "--api-key", "k"].into_iter().chain(args.iter().copied());
        let streams = toys_cli::Streams::to_writers(std::io::sink(), std::io::sink());
        toys_cli::run(given.map(Into::into), streams).await
    };
    assert_eq!(run(&["get-toy", "--id", "1", "--parts", "a,b"]).await, toys_cli::Status::Done);
    assert_eq!(run(&["get-toy", "--id", "2"]).await, toys_cli::Status::Rejected);
    assert_eq!(run(&["get-toy"]).await, toys_cli::Status::Failed);
    let within = ["get-toy", "--id", "1", "--within"];
    assert_eq!(run(&[&within[..], &[r#"{"length": 3}"#]].concat()).await, toys_cli::Status::Done);
    // Objects must be given as JSON.
    for value in ["3", "3,4", "{length: 3}"] {
        assert_eq!(run(&[&within[..], &[value]].concat()).await, toys_cli::Status::Failed);
    }
    assert_eq!(run(&["put-picture", "--id", "1", "--body-file", file]).await, toys_cli::Status::Done);
    picture.assert_async().await;
}
