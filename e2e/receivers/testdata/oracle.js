// Reads {"service","text"} a line from standard input, and answers each with
// {"text","found"}: what people read, and which nodes other than text the
// service's own parser, or one kept for its syntax, makes of it.
'use strict';

const { createRequire } = require('node:module');
const load = createRequire(process.argv[2] + '/');

const rocketchat = load('@rocket.chat/message-parser');
const commonmark = load('@mattermost/commonmark');
const discord = load('discord-markdown-parser');
const slack = load('slack-message-parser');
const MarkdownIt = load('markdown-it');

// CommonMark with links made of bare domains too.
function markdown(text, found) {
  const plain = new Set(['paragraph_open', 'paragraph_close', 'inline', 'text', 'text_special', 'softbreak', 'hardbreak']);
  let out = '';
  const walk = (tokens) => {
    for (const token of tokens) {
      if (!plain.has(token.type)) found.push(token.type);
      if (token.type === 'paragraph_open' && out !== '') out += '\n';
      if (token.type === 'softbreak' || token.type === 'hardbreak') out += '\n';
      if (token.children) walk(token.children);
      else out += token.content;
    }
  };
  walk(new MarkdownIt({ linkify: true }).set({ typographer: false }).parse(text, {}));
  return out;
}

// Names of node types that stand for text alone.
const parsers = {
  // The parser of Rocket.Chat's clients.
  rocketchat(text, found) {
    const walk = (node) => {
      if (node === null || node === undefined) return '';
      if (typeof node === 'string') return node;
      if (Array.isArray(node)) return node.map(walk).join('');
      if (node.type === 'PLAIN_TEXT') return node.value;
      if (node.type === 'EMOJI') return node.unicode ?? ':' + node.shortCode + ':';
      if (node.type === 'LINE_BREAK') return '\n';
      if (node.type !== 'PARAGRAPH' && node.type !== 'BIG_EMOJI') found.push(node.type);
      if (node.type === 'LINK') return walk(node.value.label);
      return walk(node.value);
    };
    return rocketchat.parse(text).map(walk).join('\n');
  },

  // The parser of Mattermost's mobile app.
  mattermost(text, found) {
    const plain = { document: '', paragraph: '', softbreak: '\n', hardbreak: '\n' };
    let out = '';
    let blocks = 0;
    const walker = new commonmark.Parser().parse(text).walker();
    for (let step = walker.next(); step; step = walker.next()) {
      if (!step.entering) continue;
      const { type, literal } = step.node;
      if (type === 'paragraph' && blocks++ > 0) out += '\n';
      if (type === 'text') out += literal;
      else if (type === 'emoji') out += literal ?? '';
      else if (type in plain) out += plain[type];
      else found.push(type);
    }
    return out;
  },

  // What Adaptive Cards are rendered with in browsers.
  teams: markdown,

  // What hookshot renders with.
  hookshot: markdown,

  // Zulip's Markdown is its own; the doubles look for what is more in it.
  zulip: markdown,

  discord(text, found) {
    const walk = (nodes) => {
      if (typeof nodes === 'string') return nodes;
      return nodes.map((node) => {
        if (node.type === 'br' || node.type === 'newline') return '\n';
        if (node.type === 'twemoji') return node.name;
        if (node.type !== 'text') found.push(node.type);
        return walk(node.content ?? '');
      }).join('');
    };
    return walk(discord.parse(text));
  },

  slack(text, found) {
    const names = Object.fromEntries(Object.entries(slack.NodeType).map(([name, value]) => [value, name]));
    const walk = (node) => {
      const name = names[node.type] ?? String(node.type);
      if (name === 'Text') return node.text;
      if (name === 'Emoji') return node.source;
      if (name !== 'Root') found.push(name);
      return (node.children ?? node.label ?? []).map(walk).join('') || node.text || '';
    };
    return walk((slack.parse ?? slack.default)(text))
      .replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  },
};

const lines = require('node:readline').createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const { service, text } = JSON.parse(line);
  const found = [];
  const read = parsers[service](text, found);
  process.stdout.write(JSON.stringify({ text: read, found }) + '\n');
});
