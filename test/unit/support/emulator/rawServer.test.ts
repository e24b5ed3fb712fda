import { fetch } from 'undici';
import { seededRandom, startRawServer } from '../../../support/emulator';
import { closeAfterwards, agent, emulatorWith } from './client';

describe('the raw server', () => {
	it("sends what HTTP servers can't", async () => {
		const server = await startRawServer(async (connection, index) => {
			if (index === 0) return connection.write('HTP/9 what\r\n\r\n');
			if (index === 1) {
				await connection.readBytes(1000);
				return connection.reset();
			}
			const { headers } = await connection.readHead();
			expect(headers['content-length']).toBe('5000000');
			if (index === 2) {
				await connection.respond('HTTP/1.1 401 Unauthorized', '{}', { Connection: 'close' });
				return connection.halfClose();
			}
			await connection.readBody();
			return connection.respond('HTTP/1.1 200 OK', 'fine');
		});
		closeAfterwards(server);
		const body = Buffer.alloc(5_000_000);
		const send = async () => {
			const response = await fetch(server.url, { method: 'POST', body, dispatcher: agent() });
			return `${response.status} ${await response.text()}`;
		};
		await expect(send()).rejects.toThrow();
		await expect(send()).rejects.toThrow();
		expect(await send()).toBe('401 {}');
		expect(await send()).toBe('200 fine');
		expect(server.connections.map(({ failure }) => failure)).toEqual(Array(4).fill(undefined));
	});

	it('also resets TLS connections', async () => {
		const { server: identity, ca } = (await emulatorWith()).certificates;
		const tls = { key: identity.key, cert: identity.certificate };
		const server = await startRawServer((connection) => connection.reset(), { tls });
		closeAfterwards(server);
		await expect(fetch(server.url, { dispatcher: agent({ ca }) })).rejects.toMatchObject({
			cause: { code: 'ECONNRESET' },
		});
	});
});

it('random numbers are the same for the same seed', () => {
	const draw = () => Array.from({ length: 5 }, seededRandom(7));
	expect(draw()).toEqual(draw());
});
