import { startRawServer, type RawConnection } from '../../support/emulator';
import { testFile } from './files';
import { form, run } from './run';

const servers: { close(): Promise<void> }[] = [];
afterEach(async () => {
	await Promise.all(servers.splice(0).map((server) => server.close()));
});

export async function rawServer(
	script: (connection: RawConnection, index: number) => Promise<void>,
) {
	const server = await startRawServer(script);
	servers.push(server);
	return server;
}

/** Checks one file with a raw server. */
export async function ask(
	script: (connection: RawConnection, index: number) => Promise<void>,
	settings: Parameters<typeof run>[2] = {},
	size = 2_000_000,
) {
	const server = await rawServer(script);
	const file = testFile(1, size);
	const { outcomes, counts } = await run([file], form({ ...server, apiKey: 'abcd' }), settings);
	expect(file.isOpen).toBe(false);
	return { outcome: outcomes[0], counts, server };
}

export const GOOD = JSON.stringify({
	batch_results: [{ isAI: true, confidence: 0.9, batch_position: 0 }],
});

export async function good(connection: RawConnection): Promise<void> {
	await connection.readBody();
	await connection.respond('HTTP/1.1 200 OK', GOOD);
}

export async function cut(connection: RawConnection, bytes: number): Promise<void> {
	const whole = `HTTP/1.1 200 OK\r\nContent-Length: ${GOOD.length}\r\n\r\n${GOOD}`;
	await connection.write(whole.slice(0, bytes));
	connection.destroy();
}
