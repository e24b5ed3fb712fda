import { fetch } from 'undici';
import { type Emulator } from '../../../support/emulator';
import { agent, certHeader, emulatorWith, formOf, images, jpeg, post } from './client';

describe('authentication', () => {
	const tokenForm = (values: Record<string, string> = {}) =>
		new URLSearchParams({ grant_type: 'client_credentials', ...values });
	const statusWith = async (emulator: Emulator, headers: Record<string, string>) => {
		const response = await fetch(`${emulator.url}/status`, { headers, dispatcher: agent() });
		return { status: response.status, json: (await response.json()) as any };
	};
	const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

	it('is needed for /status, but not for /health', async () => {
		const emulator = await emulatorWith({ permissions: ['image_inference'] });
		expect((await fetch(`${emulator.url}/health`)).status).toBe(200);
		expect((await statusWith(emulator, {})).status).toBe(401);
		expect((await statusWith(emulator, bearer('enterprise-wrong'))).status).toBe(401);
		const { status, json } = await statusWith(emulator, bearer(emulator.apiKey));
		expect([status, json.client.permissions]).toEqual([200, ['image_inference']]);
		expect((await images(emulator, jpeg('x'))).status).toBe(403);
	});

	it('by OAuth issues new tokens, which expire by the given clock', async () => {
		let now = 1_000_000;
		const emulator = await emulatorWith({ tokenExpiresInSeconds: 90, now: () => now });
		const { id, secret } = emulator.client;
		const form = tokenForm({ client_id: id, client_secret: secret });
		const first = await post(emulator, '/v1/oauth/token', form);
		const second = await post(emulator, '/v1/oauth/token', form);
		expect(first.json).toMatchObject({ token_type: 'Bearer', expires_in: 90 });
		expect(second.json.access_token).not.toBe(first.json.access_token);
		const headers = bearer(first.json.access_token);
		now += 89_999;
		expect((await statusWith(emulator, headers)).status).toBe(200);
		now += 1;
		expect((await statusWith(emulator, headers)).status).toBe(401);
		expect(emulator.requests.at(-1)?.authorization).toBe('expiredToken');
	});

	it('revokes all tokens on request', async () => {
		const emulator = await emulatorWith();
		const { id, secret } = emulator.client;
		const form = tokenForm({ client_id: id, client_secret: secret });
		const { json } = await post(emulator, '/v1/oauth/token', form);
		emulator.expireTokens();
		expect((await statusWith(emulator, bearer(json.access_token))).status).toBe(401);
	});

	it('refuses a wrong client, grant or form', async () => {
		const emulator = await emulatorWith();
		const client = { client_id: emulator.client.id, client_secret: 'wrong' };
		const wrong = await post(emulator, '/v1/oauth/token', tokenForm(client));
		expect([wrong.status, wrong.json.error]).toEqual([401, 'invalid_client']);
		const grant = tokenForm({ grant_type: 'password' });
		expect((await post(emulator, '/v1/oauth/token', grant)).status).toBe(400);
		const json = Buffer.from(JSON.stringify({ grant_type: 'client_credentials' }));
		expect((await post(emulator, '/v1/oauth/token', json)).status).toBe(400);
	});

	it('by OAuth with mTLS requires the certificate for the token and for every request', async () => {
		const emulator = await emulatorWith();
		const form = tokenForm({ client_id: emulator.client.id });
		const cert = certHeader(emulator.certificates.client.certificate);
		expect((await post(emulator, '/v1/oauth/token', form)).status).toBe(403);
		const { json } = await post(emulator, '/v1/oauth/token', form, { headers: cert });
		const headers = bearer(json.access_token);
		expect((await statusWith(emulator, headers)).status).toBe(403);
		expect((await statusWith(emulator, { ...headers, ...cert })).status).toBe(200);
	});

	it('by API key may require the certificate, too, and accepts no other', async () => {
		const emulator = await emulatorWith({ clientCertificate: 'header' });
		const { client, ca, otherClient } = emulator.certificates;
		const headers = bearer(emulator.apiKey);
		const statusOf = async (header: Record<string, string>) =>
			(await statusWith(emulator, { ...headers, ...header })).status;
		expect(await statusOf({})).toBe(403);
		expect(await statusOf({ 'x-client-cert': client.certificate.replace(/\n/g, '') })).toBe(403);
		expect(await statusOf(certHeader(client.certificate.trim().replace(/\n/g, '')))).toBe(403);
		expect(await statusOf(certHeader(otherClient.certificate))).toBe(403);
		expect(await statusOf(certHeader(client.certificate + client.key))).toBe(403);
		expect(await statusOf(certHeader(client.certificate + ca))).toBe(200);
		expect(await statusOf(certHeader(client.certificate))).toBe(200);
	});

	it('records no secret of a request', async () => {
		const emulator = await emulatorWith();
		await images(emulator, jpeg('x'));
		const [recorded] = emulator.requests;
		expect(recorded).toMatchObject({ authorization: 'apiKey', hasClientCertHeader: false });
		expect(JSON.stringify(recorded)).not.toContain(emulator.apiKey);
		expect(recorded?.authorizationSha256).toHaveLength(64);
	});

	it('reads a refused batch completely, or responds early', async () => {
		const large = { ...jpeg(''), content: Buffer.alloc(32 * 1024 * 1024) };
		for (const refuseEarly of [false, true]) {
			const emulator = await emulatorWith({ refuseEarly });
			const headers = bearer('enterprise-wrong');
			const response = await post(emulator, '/batch_image', formOf([large]), { headers });
			expect(response.status).toBe(401);
		}
	});
});

describe('the TLS handshake', () => {
	it('accepts a client certificate if one is required', async () => {
		const emulator = await emulatorWith({ clientCertificate: 'handshake' });
		const { ca, client, expiredClient, otherClient } = emulator.certificates;
		const statusOf = async (connect: Record<string, unknown>) =>
			(
				await post(emulator, '/batch_image', formOf([jpeg('x')]), {
					dispatcher: agent({ ca, ...connect }),
				})
			).status;
		const own = { cert: client.certificate, key: client.key };
		expect(await statusOf({})).toBe(403);
		expect(await statusOf(own)).toBe(200);
		expect(emulator.requests[1]).toMatchObject({
			handshakeCertificate: 'registered',
			tlsVersion: 'TLSv1.3',
		});
		const { encryptedKey, passphrase } = client;
		expect(await statusOf({ ...own, key: encryptedKey, passphrase })).toBe(200);
		expect(await statusOf({ cert: otherClient.certificate, key: otherClient.key })).toBe(403);
		expect(await statusOf({ cert: expiredClient.certificate, key: expiredClient.key })).toBe(403);
	});

	it('fails on request', async () => {
		const emulator = await emulatorWith({ clientCertificate: 'both', refuseInHandshake: true });
		const { ca, client } = emulator.certificates;
		const form = formOf([jpeg('x')]);
		await expect(
			post(emulator, '/batch_image', form, { dispatcher: agent({ ca }) }),
		).rejects.toThrow();
		const own = agent({ ca, cert: client.certificate, key: client.key });
		const header = certHeader(client.certificate);
		expect((await post(emulator, '/batch_image', form, { dispatcher: own })).status).toBe(403);
		expect(
			(await post(emulator, '/batch_image', form, { headers: header, dispatcher: own })).status,
		).toBe(200);
	});

	it('also listens on IPv6', async () => {
		const emulator = await emulatorWith({ tls: true, host: '::1' });
		const { ca } = emulator.certificates;
		const response = await fetch(`${emulator.url}/health`, { dispatcher: agent({ ca }) });
		expect(response.status).toBe(200);
	});
});
