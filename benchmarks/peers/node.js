// Requests as a Node.js program serves them: JSON.parse, a function a method, JSON.stringify. What it answers
// is made up, as by the C floor. Replies to what came in one piece leave in one.
const entry = (gfn, mfn, type) => ({ gfn, mfn, type });
const methods = {
  "domain.create": (p) => ({ domain: p.domain }),
  "foreignPage.map": (p) => entry(p.gfn, p.from.gfn, "p2m_map_foreign_rw"),
  "grantFrame.map": (p) => entry(p.gfn, "0x" + p.frame.toString(16), "p2m_ram_rw"),
  "physmap.query": (p) => entry(p.gfn, p.gfn, "p2m_map_foreign_rw"),
  "physmap.unmap": (p) => ({ gfn: p.gfn }),
  "array.query": (p) => ({
    frames: Array.from({ length: p.count }, (_, i) => "0x" + (p.first + i).toString(16)),
  }),
};

function answer(line) {
  const { id, method, params } = JSON.parse(line);
  const reply = methods[method]
    ? { jsonrpc: "2.0", id, result: methods[method](params) }
    : { jsonrpc: "2.0", id, error: { code: -32601, message: "Method not found" } };
  return JSON.stringify(reply) + "\n";
}

let rest = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (text) => {
  const lines = (rest + text).split("\n");
  rest = lines.pop();
  if (lines.length) process.stdout.write(lines.map(answer).join(""));
});
