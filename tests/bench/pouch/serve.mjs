/* express-pouchdb with the leveldb adapter, as small as PouchDB's replication needs it. usage: serve.mjs DIR
   Prints its port when it listens. */
import express from "express";
import expressPouch from "express-pouchdb";
import PouchDB from "pouchdb";

const here = PouchDB.defaults({ prefix: `${process.argv[2]}/` });
const app = express();
app.use("/", expressPouch(here, { mode: "minimumForPouchDB", inMemoryConfig: true }));
const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
