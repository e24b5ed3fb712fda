import { startEmulator, startRawServer, type Emulator } from '../../support/emulator';
import { testFile } from '../support/files';
import { form, run } from '../support/run';

let emulator: Emulator;
beforeAll(async () => {
	emulator = await startEmulator({ tls: true });
});
afterAll(async () => await emulator.close());
afterEach(() => {
	delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
	emulator.reset();
});

it('trusts an authority that the credential names', async () => {
	const credential = form(emulator, { caCertificate: emulator.certificates.ca });
	const { outcomes } = await run([testFile(1)], credential);
	expect(outcomes[0]?.verdict).toBeDefined();
});

it.each([undefined, '0'])(
	'trusts no other authority, even with NODE_TLS_REJECT_UNAUTHORIZED=%s',
	async (setting) => {
		if (setting) process.env.NODE_TLS_REJECT_UNAUTHORIZED = setting;
		const { outcomes, counts } = await run([testFile(1)], form(emulator));
		expect(outcomes[0]?.failure).toMatchObject({ kind: 'tls', attempts: 1 });
		expect(counts.retries).toBe(0);
		expect(emulator.requests).toEqual([]);
	},
);

it('rejects a certificate for another host', async () => {
	const { ca, otherClient } = emulator.certificates;
	const tls = { key: otherClient.key, cert: otherClient.certificate };
	const server = await startRawServer(() => {}, { tls });
	const credential = form({ ...server, apiKey: 'abcd' }, { caCertificate: ca });
	const { outcomes } = await run([testFile(1)], credential);
	expect(outcomes[0]?.failure).toMatchObject({ kind: 'tls', attempts: 1 });
	await server.close();
});
