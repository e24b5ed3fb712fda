import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import {
	makeCertificates,
	startEmulator,
	type CertifiedKey,
	type Emulator,
} from '../../support/emulator';
import { testFile } from '../support/files';
import { form, run } from '../support/run';

let emulator: Emulator;
let proxy: Server;
const sockets = new Set<Socket>();
/** Requests for a tunnel that reach the proxy. */
let tunnels = 0;

beforeAll(async () => {
	emulator = await startEmulator({ tls: true });
});
afterAll(async () => await emulator.close());
beforeEach(() => {
	emulator.reset();
	tunnels = 0;
});
afterEach(async () => {
	delete process.env.HTTPS_PROXY;
	delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
	for (const socket of sockets) socket.destroy();
	await new Promise((resolve) => proxy.close(resolve));
});

/** Opens a tunnel to any host. */
function tunnel({ url }: IncomingMessage, socket: Socket): void {
	tunnels++;
	const { hostname, port } = new URL(`http://${url}`);
	const onward = connect(Number(port), hostname, () => {
		socket.write('HTTP/1.1 200 OK\r\n\r\n');
		onward.pipe(socket).pipe(onward);
	});
	for (const each of [socket, onward]) {
		sockets.add(each);
		each.on('error', () => {});
	}
}

async function startProxy(certified?: CertifiedKey): Promise<void> {
	proxy = certified
		? createHttpsServer({ key: certified.key, cert: certified.certificate })
		: createHttpServer();
	proxy.on('connect', tunnel);
	await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
	const { port } = proxy.address() as AddressInfo;
	process.env.HTTPS_PROXY = `${certified ? 'https' : 'http'}://127.0.0.1:${port}`;
}

const trusting = () => form(emulator, { caCertificate: emulator.certificates.ca });

describe.each([undefined, '0'])('NODE_TLS_REJECT_UNAUTHORIZED=%s', (setting) => {
	beforeEach(() => {
		if (setting) process.env.NODE_TLS_REJECT_UNAUTHORIZED = setting;
	});

	it("doesn't trust a server behind a tunnel if its authority is unknown", async () => {
		await startProxy();
		const { outcomes } = await run([testFile(1)], form(emulator));
		expect(outcomes[0]?.failure).toMatchObject({ kind: 'tls', problem: 'untrusted' });
		expect(tunnels).toBe(1);
		expect(emulator.requests).toEqual([]);
	});

	it("doesn't trust a proxy if its authority is unknown, and requests no tunnel", async () => {
		await startProxy((await makeCertificates()).server);
		const { outcomes } = await run([testFile(1)], trusting());
		expect(outcomes[0]?.failure).toMatchObject({ kind: 'proxy', problem: 'certificate' });
		expect(tunnels).toBe(0);
		expect(emulator.requests).toEqual([]);
	});
});

it.each(['http', 'https'])(
	'uses a proxy of %s whose authority the credential names',
	async (scheme) => {
		await startProxy(scheme === 'https' ? emulator.certificates.server : undefined);
		const { outcomes } = await run([testFile(1)], trusting());
		expect(outcomes[0]?.verdict).toBeDefined();
		expect(tunnels).toBe(1);
	},
);
