// Telegram's Bot API, emulated: `node server.js PORT`.
const TelegramServer = require("telegram-test-api");

new TelegramServer({ host: "127.0.0.1", port: Number(process.argv[2]), storeTimeout: 3600 }).start();
