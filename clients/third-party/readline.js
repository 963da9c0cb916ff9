// node: child_process and readline, nothing else; NDJSON.
'use strict';
const assert = require('assert');
const { spawn } = require('child_process');
const readline = require('readline');
const story = require('./story.json');

const NOTE = 'żółw \u{1f422}';
const server = spawn(process.env.P2MLAB_SERVER, ['serve'], { stdio: ['pipe', 'pipe', 'inherit'] });
const waiting = new Map();
const progress = [];
let lastId = 0;

readline.createInterface({ input: server.stdout }).on('line', (line) => {
  const message = JSON.parse(line);
  if (message.method) {
    progress.push(message.params);
    return;
  }
  const { resolve, reject } = waiting.get(message.id);
  waiting.delete(message.id);
  if (message.error) reject(message.error);
  else resolve(message.result);
});

function send(message) {
  server.stdin.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\n');
}

function call(method, params) {
  return new Promise((resolve, reject) => {
    waiting.set(++lastId, { resolve, reject });
    send({ id: lastId, method, params });
  });
}

async function main() {
  const results = await Promise.all(story.map(({ method, params }) => call(method, params)));
  const last = results[results.length - 1];
  const lost = last.effects.filter((effect) => effect.cause === 'stale-tracking');
  assert.deepStrictEqual(lost.map((effect) => effect.gfn), ['0x38000']);
  assert.deepStrictEqual(lost[0].before.page, { kind: 'foreign', domain: 2, gfn: '0x40004' });
  assert.deepStrictEqual(last.violations.map((v) => v.property), ['no-collateral-removal']);
  await assert.rejects(call('domain.get', { domain: 9 }), (error) => {
    return error.code === -3 && error.data.errno === 'ESRCH';
  });
  send({ method: 'session.note', params: { text: NOTE } });
  const { entries } = await call('history.list');
  assert.deepStrictEqual(entries[entries.length - 1].params, { text: NOTE });
  const compared = await call('compare.run', {
    presets: ['xen-4.16', 'xen-4.17'], workDoneToken: 't',
  });
  assert(compared.firstDifference.path.startsWith('/result/effects'));
  assert(progress.length > 0 && progress.every(({ token }) => token === 't'));
}

server.on('exit', (code) => {
  assert.strictEqual(waiting.size, 0);
  if (code !== 0) process.exitCode = 1;
  if (!process.exitCode) console.log('node readline: ok');
});
main()
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => server.stdin.end());
