/**
 * Loaded into each n8n: ends it when the process that started it is gone. Killed without notice, a
 * test run could not do so itself, and an n8n whose pipes nobody reads any more never comes to rest.
 */
const PARENT = process.ppid;
const LOOK_EVERY_MS = 1_000;

setInterval(() => {
	if (process.ppid !== PARENT) process.kill(process.pid, 'SIGKILL');
}, LOOK_EVERY_MS).unref();
