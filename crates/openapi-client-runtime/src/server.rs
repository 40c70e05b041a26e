//! The servers of a contract (OpenAPI 3.0.4, "Server Object").

/// A server of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Server {
    /// The URL, with variables in braces.
    pub url: &'static str,
    /// The description, empty if there is none.
    pub description: &'static str,
    /// The variables of the URL.
    pub variables: &'static [ServerVariable],
}

/// A variable of a server's URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServerVariable {
    /// The name, as in the URL.
    pub name: &'static str,
    /// The value that [`Server::url`] uses.
    pub default: &'static str,
    /// The allowed values. Every value is allowed if it is empty.
    pub values: &'static [&'static str],
}

/// The error returned when a server's variable cannot have a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// The server has no variable with this name.
    #[error("the server has no variable `{name}`, expected {}", list(.known))]
    UnknownVariable {
        /// The name that was passed.
        name: String,
        /// The names of the variables.
        known: Vec<&'static str>,
    },
    /// The contract does not allow this value.
    #[error("`{value}` is not a value of the server variable `{name}`, expected {}", list(.allowed))]
    ValueNotAllowed {
        /// The name of the variable.
        name: &'static str,
        /// The value that was passed.
        value: String,
        /// The allowed values.
        allowed: &'static [&'static str],
    },
}

/// Formats the alternatives of an error message.
fn list(values: &[&str]) -> String {
    match values {
        [] => "no variables".to_owned(),
        [only] => format!("`{only}`"),
        values => {
            let quoted: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
            format!("one of {}", quoted.join(", "))
        }
    }
}

impl Server {
    /// Returns the URL with the defaults of all variables.
    pub fn url(&self) -> String {
        self.fill(&[])
    }

    /// Returns the URL with these values. Other variables have their defaults. If a name occurs twice,
    /// its last value is used.
    ///
    /// # Errors
    ///
    /// Returns an error if the server has no such variable, or if the contract does not allow the value.
    pub fn url_with(&self, values: &[(&str, &str)]) -> Result<String, ServerError> {
        for (name, value) in values {
            let mut variables = self.variables.iter();
            let Some(variable) = variables.find(|variable| variable.name == *name) else {
                return Err(ServerError::UnknownVariable {
                    name: (*name).to_owned(),
                    known: self
                        .variables
                        .iter()
                        .map(|variable| variable.name)
                        .collect(),
                });
            };
            if !variable.values.is_empty() && !variable.values.contains(value) {
                return Err(ServerError::ValueNotAllowed {
                    name: variable.name,
                    value: (*value).to_owned(),
                    allowed: variable.values,
                });
            }
        }
        Ok(self.fill(values))
    }

    /// Replaces each variable once: a value may contain braces.
    fn fill(&self, values: &[(&str, &str)]) -> String {
        let mut url = String::new();
        let mut rest = self.url;
        while let Some((before, behind)) = rest.split_once('{') {
            url.push_str(before);
            let value = behind
                .split_once('}')
                .and_then(|(name, behind)| Some((self.value(name, values)?, behind)));
            match value {
                Some((value, behind)) => {
                    url.push_str(value);
                    rest = behind;
                }
                None => {
                    url.push('{');
                    rest = behind;
                }
            }
        }
        url.push_str(rest);
        url
    }

    fn value<'v>(&self, name: &str, values: &[(&str, &'v str)]) -> Option<&'v str> {
        let variable = self
            .variables
            .iter()
            .find(|variable| variable.name == name)?;
        let mut given = values.iter().rev();
        let given = given.find(|(given, _)| *given == name);
        Some(given.map_or(variable.default, |(_, value)| *value))
    }
}

#[cfg(test)]
mod tests {
    use super::{Server, ServerError, ServerVariable};

    const SERVER: Server = Server {
        url: "https://{region}.example.com:{port}/{base}/{other}",
        description: "",
        variables: &[
            ServerVariable {
                name: "region",
                default: "eu",
                values: &["eu", "us"],
            },
            ServerVariable {
                name: "port",
                default: "443",
                values: &[],
            },
            ServerVariable {
                name: "base",
                default: "v1",
                values: &[],
            },
        ],
    };

    #[test]
    fn variables_have_their_defaults() {
        assert_eq!(SERVER.url(), "https://eu.example.com:443/v1/{other}");
    }

    #[test]
    fn values_replace_defaults_and_are_not_expanded_again() {
        let url = SERVER.url_with(&[("base", "{port}"), ("region", "eu"), ("region", "us")]);
        assert_eq!(
            url.as_deref(),
            Ok("https://us.example.com:443/{port}/{other}")
        );
    }

    #[test]
    fn unknown_variables_are_rejected() {
        let error = SERVER.url_with(&[("Port", "1")]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the server has no variable `Port`, expected one of `region`, `port`, `base`"
        );
    }

    #[test]
    fn values_outside_of_the_enum_are_rejected() {
        let error = SERVER.url_with(&[("region", "asia")]).unwrap_err();
        assert_eq!(
            error,
            ServerError::ValueNotAllowed {
                name: "region",
                value: "asia".to_owned(),
                allowed: &["eu", "us"],
            }
        );
        assert_eq!(
            error.to_string(),
            "`asia` is not a value of the server variable `region`, expected one of `eu`, `us`"
        );
    }
}
