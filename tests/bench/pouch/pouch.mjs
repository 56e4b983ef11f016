/* PouchDB's part of the race: as many documents as there are lines, each with what the line says, pushed to
   express-pouchdb and pulled back into another database. usage: pouch.mjs LINES DIR URL BATCH
   Prints milliseconds and bytes on the wire both ways as JSON; the loopback's counters are nobody else's here. */
import { readFileSync } from "node:fs";
import PouchDB from "pouchdb";

const [lines, dir, url, batch] = process.argv.slice(2);
const options = { batch_size: Number(batch) };

const wire = () => Number(/lo:(?:\s+\d+){8}\s+(\d+)/.exec(readFileSync("/proc/net/dev", "latin1"))[1]);
const doc = line => {
  const { device, seq, ...rest } = JSON.parse(line);
  return { _id: `${device}:${seq}`, ...rest };
};
async function measure(work) {
  const bytes = wire();
  const from = performance.now();
  const { docs_written: written } = await work();
  return { ms: performance.now() - from, bytes: wire() - bytes, written };
}

const docs = readFileSync(lines, "utf8").trimEnd().split("\n").map(doc);
const here = new PouchDB(`${dir}/here`);
await here.bulkDocs(docs);
const push = await measure(() => PouchDB.replicate(here, url, options));
const again = new PouchDB(`${dir}/again`);
const pull = await measure(() => PouchDB.replicate(url, again, options));
const { doc_count: count } = await again.info();
if (push.written !== docs.length || count !== docs.length)
  throw new Error(`pushed ${push.written} and pulled ${count} of ${docs.length}`);
console.log(JSON.stringify({ push, pull }));
await here.close();
await again.close();
process.exit(0);
