/**
 * Loaded into each n8n. It ends n8n when the process that started it is gone, because a test run that is
 * killed can't do so itself, and an n8n whose output nobody reads never stops.
 */
const PARENT = process.ppid;
const LOOK_EVERY_MS = 1_000;

setInterval(() => {
	if (process.ppid !== PARENT) process.kill(process.pid, 'SIGKILL');
}, LOOK_EVERY_MS).unref();
