//! The arguments of the command line.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Parser, Subcommand, ValueEnum};
use media_server::LibraryName;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const EXAMPLES: &str = "\
Examples:
  media-server import photo.jpg teaser.mp4      take files into the library
  KEY=$(media-server keys create)               make a key; it is shown this once
  media-server serve                            serve on 127.0.0.1:8080
  curl -H \"Authorization: Bearer $KEY\" http://127.0.0.1:8080/v1/media

Exit status:
  0 done, 1 something was wrong with an input, 2 could not run";

/// The stub server of the Media API, over an embedded library.
#[derive(Parser)]
#[command(name = "media-server", version, styles = STYLES, after_help = EXAMPLES)]
// One width everywhere: help reads the same in a log as on a terminal.
#[command(term_width = 100)]
pub(super) struct Args {
    /// Where the database and the files are kept; made when it is not there
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
    /// Take files into a library
    Import(Import),
    /// Make, list and revoke API keys
    #[command(subcommand)]
    Keys(Keys),
    /// Print the server's own OpenAPI document
    Openapi,
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  media-server serve --listen 0.0.0.0:80 --log-format json
  media-server serve --listen 127.0.0.1:0       take a free port; the log names it
  media-server serve --rate-limit 600 --rate-window 1h

Stops on Ctrl-C and SIGTERM; requests that are under way get 10 seconds to finish.")]
pub(super) struct Serve {
    /// The address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub(super) listen: SocketAddr,

    /// The requests a key may make in a window
    #[arg(long, value_name = "REQUESTS", default_value = "60")]
    pub(super) rate_limit: NonZeroU32,

    /// The length of a window, which starts with a key's first request: 500ms, 60s, 5m, 1h
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = parse_window)]
    pub(super) rate_window: Duration,

    /// The log on standard error: text for people, or a JSON object a line for programs
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) log_format: LogFormat,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum LogFormat {
    Text,
    // One object a line.
    Json,
}

#[derive(clap::Args)]
#[command(after_help = "\
Supported are JPEG, PNG, GIF and WebP images, MP4, MOV and WebM videos, and PDF documents. The type is
read from the content, not from the name. A damaged file of these types is stored with the status
`failed`; files of other types are refused. Either makes the exit status 1. Pixel sizes are those of the
stored pixels, before any rotation.

Examples:
  media-server import *.jpg
  media-server import --library team-a teaser.mp4 price-list.pdf")]
pub(super) struct Import {
    /// The library; made when it is first named
    #[arg(long, value_name = "NAME", default_value_t)]
    pub(super) library: LibraryName,

    /// The files
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
    /// Make a key: it goes to standard output, this once
    #[command(after_help = "\
Example:
  KEY=$(media-server keys create --library team-a --label 'build server')")]
    Create {
        /// The library the key gives access to; made when it is first named
        #[arg(long, value_name = "NAME", default_value_t)]
        library: LibraryName,

        /// A note for `keys list`
        #[arg(
            long,
            value_name = "TEXT",
            default_value = "",
            hide_default_value = true
        )]
        label: String,
    },
    /// List the keys, without what is secret
    List,
    /// Revoke a key: it stops working at once
    Revoke {
        /// The id of the key, from `keys list`
        id: String,
    },
}

fn parse_window(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "ms" => Some(Duration::from_millis(1)),
        "s" => Some(Duration::from_secs(1)),
        "m" => Some(Duration::from_secs(60)),
        "h" => Some(Duration::from_secs(3600)),
        _ => None,
    };
    unit.zip(digits.parse().ok())
        .filter(|(_, count)| *count > 0)
        .and_then(|(unit, count): (Duration, u32)| unit.checked_mul(count))
        .ok_or_else(|| {
            "expected a number above 0 and a unit, such as 500ms, 60s, 5m, 1h".to_owned()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_have_a_unit() {
        assert_eq!(parse_window("60s"), Ok(Duration::from_secs(60)));
        assert_eq!(parse_window("2m"), Ok(Duration::from_secs(120)));
        assert_eq!(parse_window("1h"), Ok(Duration::from_secs(3600)));
        assert_eq!(parse_window("500ms"), Ok(Duration::from_millis(500)));
        for wrong in ["", "60", "s", "0s", "-1s", "1.5s", "1d", "99999999999s"] {
            assert!(parse_window(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_arguments_hold_together() {
        <Args as clap::CommandFactory>::command().debug_assert();
    }
}
