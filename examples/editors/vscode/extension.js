"use strict";

const { workspace } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

const LANGUAGES = ["markdown", "mdx", "html", "php", "restructuredtext", "plaintext"];

let client;

exports.activate = async () => {
  const [command, ...args] = workspace.getConfiguration("healthlint").get("command");
  const documentSelector = LANGUAGES.flatMap((language) => [
    { language, scheme: "file" },
    { language, scheme: "untitled" },
  ]);
  client = new LanguageClient("healthlint", "healthlint", { command, args }, { documentSelector });
  await client.start();
};

exports.deactivate = () => client?.stop();
