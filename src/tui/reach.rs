//! How this machine is reached by SSH, as far as the terminal's environment tells: for
//! the line that brings a browser's answer here from another machine.

use super::environment::TerminalEnv;

/// What stands for a name that is not known.
const USER: &str = "you";
const HOST: &str = "this-host";

/// SSH's usual port.
const PORT: u16 = 22;

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reach {
    user: String,
    host: String,
    port: u16,
}

impl Default for Reach {
    fn default() -> Self {
        Self {
            user: USER.to_owned(),
            host: HOST.to_owned(),
            port: PORT,
        }
    }
}

impl Reach {
    /// Reads it: the address that the present connection came to, or else the name
    /// that the machine gives itself.
    pub(super) fn of(environment: &TerminalEnv, node_name: &str) -> Self {
        let users = ["USER", "LOGNAME"].iter();
        let user = users.filter_map(|name| environment.variable(name));
        // `client-address client-port server-address server-port` (ssh(1)).
        let connection = environment.variable("SSH_CONNECTION").unwrap_or_default();
        let mut parts = connection.split(' ').skip(2);
        let (address, port) = (parts.next(), parts.next());
        let hosts = [address.unwrap_or_default(), node_name];
        let mut users = user.filter(|user| is_plain(user, "._-"));
        let mut hosts = hosts.into_iter().filter(|host| is_plain(host, ".:-"));
        Self {
            user: users.next().unwrap_or(USER).to_owned(),
            host: hosts.next().unwrap_or(HOST).to_owned(),
            port: port.and_then(|port| port.parse().ok()).unwrap_or(PORT),
        }
    }

    /// The command that carries a port of another machine's to the same one here.
    pub(super) fn tunnel(&self, port: u16) -> String {
        let Self { user, host, .. } = self;
        let way = match self.port {
            PORT => String::new(),
            other => format!("-p {other} "),
        };
        format!("ssh {way}-L {port}:127.0.0.1:{port} {user}@{host}")
    }
}

impl TerminalEnv {
    /// How this machine is reached.
    pub(super) fn reach(&self) -> Reach {
        let node = rustix::system::uname();
        Reach::of(self, &node.nodename().to_string_lossy())
    }
}

/// Whether a name means nothing but itself to a shell and to ssh.
fn is_plain(name: &str, others: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || others.contains(letter);
    !name.is_empty() && !name.starts_with('-') && name.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Environment;

    fn tunnel(pairs: &[(&str, &str)], node_name: &str) -> String {
        let environment = TerminalEnv::new(Environment::of(pairs), "/".into());
        Reach::of(&environment, node_name).tunnel(41763)
    }

    #[test]
    fn the_line_leads_to_where_the_connection_came() {
        let ann = ("USER", "ann");
        let from = |connection| [ann, ("SSH_CONNECTION", connection)];
        assert_eq!(
            tunnel(&from("203.0.113.9 50022 198.51.100.7 22"), "box"),
            "ssh -L 41763:127.0.0.1:41763 ann@198.51.100.7"
        );
        assert_eq!(
            tunnel(&from("2001:db8::9 50022 2001:db8::7 2222"), "box"),
            "ssh -p 2222 -L 41763:127.0.0.1:41763 ann@2001:db8::7"
        );
        assert_eq!(
            tunnel(&[("LOGNAME", "ann")], "box.example"),
            "ssh -L 41763:127.0.0.1:41763 ann@box.example"
        );
    }

    #[test]
    fn what_a_shell_would_take_for_more_than_a_name_is_left_out() {
        for user in ["$(id)", "-oProxyCommand=id", "a b", "a;b"] {
            let line = tunnel(&[("USER", user)], "`id`");
            assert_eq!(line, "ssh -L 41763:127.0.0.1:41763 you@this-host");
        }
    }
}
