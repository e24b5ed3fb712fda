import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const LEASH = join(__dirname, '../../support/host/leash.cjs');
const STARTED = 'console.log(process.pid); setInterval(() => {}, 1000)';
const STARTER = `
	const args = ['--require', ${JSON.stringify(LEASH)}, '-e', ${JSON.stringify(STARTED)}];
	require('node:child_process').spawn(process.execPath, args, { stdio: 'inherit' });
	setInterval(() => {}, 1000);
`;

const isRunning = (pid: number) => {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
};

test('bug: processes of a killed test run end, too', async () => {
	const starter = spawn(process.execPath, ['-e', STARTER], { stdio: ['ignore', 'pipe', 'ignore'] });
	const [line] = (await once(starter.stdout, 'data')) as [Buffer];
	const started = Number(line);
	try {
		expect(isRunning(started)).toBe(true);
		starter.kill('SIGKILL');
		for (let left = 100; left > 0 && isRunning(started); left--) await sleep(100);
		expect(isRunning(started)).toBe(false);
	} finally {
		if (isRunning(started)) process.kill(started, 'SIGKILL');
	}
});
