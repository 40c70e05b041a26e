//! The command line arguments.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Parser, Subcommand, ValueEnum};
use media_server::LibraryName;

use super::exit::Failure;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const EXAMPLES: &str = "\
Examples:
  media-server import photo.jpg teaser.mp4      Import files
  KEY=$(media-server keys create)               Create an API key; it is shown only once
  media-server serve                            Serve the API on 127.0.0.1:8080
  curl -H \"Authorization: Bearer $KEY\" http://127.0.0.1:8080/v1/media

Exit status:
  0  success
  1  an argument or a file was rejected
  2  the command could not run";

/// The stub server of the Media API, with an embedded media library
#[derive(Parser)]
#[command(name = "media-server", version, styles = STYLES, after_help = EXAMPLES)]
// A fixed width: the help is the same in a log and on every terminal.
#[command(term_width = 100)]
pub(super) struct Args {
    /// Directory of the database and the files; created if it doesn't exist
    #[arg(
        long,
        value_name = "DIR",
        env = "MEDIA_SERVER_DATA",
        hide_env_values = true,
        default_value = "./data",
        global = true
    )]
    pub(super) data_dir: PathBuf,

    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Subcommand)]
pub(super) enum Command {
    /// Serve the API
    Serve(Serve),
    /// Import files into a library
    Import(Import),
    /// Create, list and revoke API keys
    #[command(subcommand)]
    Keys(Keys),
    /// Print the OpenAPI document of the server
    Openapi,
    /// Print a completion script for a shell
    Completions {
        /// Shell to print the script for
        shell: clap_complete::Shell,
    },
}

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  media-server serve --listen 0.0.0.0:80 --log-format json
  media-server serve --listen 127.0.0.1:0       Use a free port, which is logged
  media-server serve --rate-limit 600 --rate-window 1h

On Ctrl-C or SIGTERM, the server completes pending requests for up to 10 seconds and stops.")]
pub(super) struct Serve {
    /// Address to listen on; port 0 selects a free port
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub(super) listen: SocketAddr,

    /// Maximum number of requests per API key in a rate limit window
    #[arg(long, value_name = "REQUESTS", default_value = "60")]
    pub(super) rate_limit: NonZeroU32,

    /// Length of the rate limit window, such as 500ms, 60s, 5m or 1h; it starts with the first request
    #[arg(long, value_name = "DURATION", default_value = "60s", value_parser = parse_window)]
    pub(super) rate_window: Duration,

    /// Format of the log on standard error; `json` is one object per line
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) log_format: LogFormat,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum LogFormat {
    Text,
    Json,
}

#[derive(clap::Args)]
#[command(after_help = "\
Supported formats are JPEG, PNG, GIF, WebP, MP4, MOV, WebM and PDF. The format is detected by the
content of a file, not by its name. Sizes in pixels are those of the stored image, before rotation.

A damaged file is stored with the status `failed`. A file of another format is rejected. In both
cases the exit status is 1.

Examples:
  media-server import *.jpg
  media-server import --library team-a teaser.mp4 price-list.pdf")]
pub(super) struct Import {
    /// Library to import into; created if it doesn't exist
    #[arg(long, value_name = "NAME", default_value_t)]
    pub(super) library: LibraryName,

    /// Files to import
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<PathBuf>,
}

#[derive(Subcommand)]
#[command(after_help = "\
Examples:
  KEY=$(media-server keys create --library team-a --label 'build server')
  media-server keys list
  media-server keys revoke key_0123456789ab")]
pub(super) enum Keys {
    /// Create an API key and print it; it cannot be shown again
    #[command(after_help = "\
Example:
  KEY=$(media-server keys create --library team-a --label 'build server')")]
    Create {
        /// Library that the key gives access to; created if it doesn't exist
        #[arg(long, value_name = "NAME", default_value_t)]
        library: LibraryName,

        /// Label to show in `keys list`
        #[arg(
            long,
            value_name = "TEXT",
            default_value = "",
            hide_default_value = true
        )]
        label: String,
    },
    /// List all API keys, without their secrets
    List,
    /// Revoke an API key; running servers reject it at once
    Revoke {
        /// Id of the key, as shown by `keys list`
        id: String,
    },
}

fn parse_window(text: &str) -> Result<Duration, Failure> {
    let window = humantime::parse_duration(text)?;
    anyhow::ensure!(!window.is_zero(), "expected a duration longer than zero");
    Ok(window)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_window_has_a_unit() {
        let window = |text| parse_window(text).expect(text);
        assert_eq!(window("60s"), Duration::from_secs(60));
        assert_eq!(window("2m"), Duration::from_secs(120));
        assert_eq!(window("1h"), Duration::from_secs(3600));
        assert_eq!(window("500ms"), Duration::from_millis(500));
        for invalid in ["", "60", "s", "0s", "-1s", "1 fortnight"] {
            assert!(parse_window(invalid).is_err(), "{invalid}");
        }
    }

    #[test]
    fn default_rate_limit_is_that_of_the_library() {
        let args = Args::try_parse_from(["media-server", "serve"]).ok();
        let Some(Command::Serve(serve)) = args.map(|args| args.command) else {
            panic!("`serve` needs no arguments");
        };
        let default = media_server::RateLimit::default();
        assert_eq!(serve.rate_limit, default.requests);
        assert_eq!(serve.rate_window, default.window);
    }

    #[test]
    fn command_line_is_valid() {
        <Args as clap::CommandFactory>::command().debug_assert();
    }
}
