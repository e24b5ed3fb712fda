import { createServer, type AddressInfo } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import type { Host } from './install/install';

/**
 * What n8n may see of the caller's environment. All else stays out: jest's NODE_ENV=test silences n8n,
 * and a DB_TYPE or HTTP_PROXY in somebody's shell would test another thing.
 */
const PASSED_ON = ['HOME', 'USERPROFILE', 'APPDATA', 'SystemRoot', 'TMPDIR', 'TEMP', 'LANG', 'TZ'];

/** Nothing that asks a server of n8n's own, and nothing that covers the editor with an offer. */
const CLOSED_NETWORK = {
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	EXTERNAL_FRONTEND_HOOKS_URLS: '',
	N8N_SECURE_COOKIE: 'false',
};

interface EnvironmentOptions {
	/** n8n keeps its database, its key and its community packages in `.n8n` below it. */
	userFolder: string;
	port: number;
	/** The folders that Read/Write Files from Disk may read. */
	readableFolders: string[];
	/** Added last, and so stronger than all the rest. */
	extra: NodeJS.ProcessEnv;
}

export async function n8nEnvironment(
	host: Host,
	{ userFolder, port, readableFolders, extra }: EnvironmentOptions,
): Promise<NodeJS.ProcessEnv> {
	return {
		...Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name]])),
		...CLOSED_NETWORK,
		...host.env,
		// n8n starts its task runner as plain `node`.
		PATH: [dirname(host.node), process.env.PATH].join(delimiter),
		NODE_OPTIONS: `--require "${join(__dirname, 'leash.cjs')}"`,
		N8N_USER_FOLDER: userFolder,
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		// In n8n's links to its own pages: a session holds for one name of the machine.
		N8N_HOST: '127.0.0.1',
		N8N_PORT: String(port),
		// Each n8n process opens a broker of its own, a command line `execute` too.
		N8N_RUNNERS_BROKER_PORT: String(await freePort()),
		...(readableFolders.length > 0
			? { N8N_RESTRICT_FILE_ACCESS_TO: readableFolders.join(';') }
			: {}),
		...extra,
	};
}

/** The wanted port if nobody listens there, else any free one. */
export async function freePort(wanted = 0): Promise<number> {
	return await new Promise((resolve, reject) => {
		const server = createServer();
		server.on('error', (error: NodeJS.ErrnoException) => {
			if (wanted !== 0 && error.code === 'EADDRINUSE') resolve(freePort());
			else reject(error);
		});
		server.listen(wanted, '127.0.0.1', () => {
			const { port } = server.address() as AddressInfo;
			server.close(() => resolve(port));
		});
	});
}
