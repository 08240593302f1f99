use zed_extension_api::{self as zed, Command, LanguageServerId, Result, Worktree};

struct Healthlint;

impl zed::Extension for Healthlint {
    fn new() -> Self {
        Self
    }

    fn language_server_command(&mut self, _: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let command = worktree
            .which("healthlint")
            .ok_or("healthlint is not on the PATH: pip install 'healthlint[lsp]'")?;
        Ok(Command {
            command,
            args: vec!["server".into()],
            env: worktree.shell_env(),
        })
    }
}

zed::register_extension!(Healthlint);
