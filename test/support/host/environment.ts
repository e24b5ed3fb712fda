import { createServer, type AddressInfo } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import type { Host } from './install/install';

/**
 * The environment variables that n8n gets from the caller. It gets no others: jest's NODE_ENV=test
 * silences n8n, and a DB_TYPE or HTTP_PROXY in the caller's shell would change what is tested.
 */
const PASSED_ON = ['HOME', 'USERPROFILE', 'APPDATA', 'SystemRoot', 'TMPDIR', 'TEMP', 'LANG', 'TZ'];

/** Keeps n8n from calling its own servers, and from covering the editor with offers. */
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
	/** n8n keeps its database, its key and its community packages in the subfolder `.n8n`. */
	userFolder: string;
	port: number;
	/** The folders that 'Read/Write Files from Disk' may use. */
	readableFolders: string[];
	/** Replaces other variables of the same name. */
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
		// For n8n's links to its own pages, because a session is valid for one host name.
		N8N_HOST: '127.0.0.1',
		N8N_PORT: String(port),
		// Each process of n8n opens its own broker, also `n8n execute`.
		N8N_RUNNERS_BROKER_PORT: String(await freePort()),
		...(readableFolders.length > 0
			? { N8N_RESTRICT_FILE_ACCESS_TO: readableFolders.join(';') }
			: {}),
		...extra,
	};
}

/** The wanted port if it is free, otherwise any free port. */
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
