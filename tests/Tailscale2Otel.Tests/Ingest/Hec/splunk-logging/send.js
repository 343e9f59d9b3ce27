// node send.js URL TOKEN BATCH: sends three events, BATCH in one request (0: when told to); prints the answer, or fails.
"use strict";

const { Logger } = require("splunk-logging");

const [url, token, batch] = process.argv.slice(2);
const logger = new Logger({ url, token, maxBatchCount: Number(batch), maxRetries: 0 });
logger.error = (error) => {
    console.error(String(error));
    process.exitCode = 1;
};

let answers = 0;
const report = (error, response, body) => {
    if (error) {
        logger.error(error);
    } else if (++answers === 1 || Number(batch) === 1) {
        console.log(JSON.stringify(body));
    }
};

for (let i = 0; i < 3; i++) {
    logger.send({ message: { number: i }, severity: "info", metadata: { host: "client", source: "test", sourcetype: "httpevent", index: "main" } }, report);
}

if (Number(batch) === 0) {
    logger.flush(report);
}
