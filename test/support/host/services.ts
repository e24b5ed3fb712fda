import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CommandOptions, type Log, runCommand } from './command';
import { findProgram, installPackages, versionedFolders } from './install/debian';
import { freePort } from './environment';
import { HostProcess } from './hostProcess';

/** A server such as PostgreSQL on a free port of 127.0.0.1, with its own folder for its data. */
export interface Service {
	port: number;
	stop(): Promise<void>;
}

const WHY = 'Queue mode needs PostgreSQL and Redis: install postgresql and redis-server';
const POSTGRES_FOLDERS = () => versionedFolders('/usr/lib/postgresql', 'bin');

export async function startRedis(log: Log): Promise<Service> {
	if (!findProgram(['redis-server'])) await installPackages(['redis-server'], WHY, log);
	const redis = findProgram(['redis-server']);
	if (!redis) throw new Error(WHY);
	const port = await freePort();
	const folder = await mkdtemp(join(tmpdir(), 'bitmind-redis-'));
	const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
	return await startService(redis, args, { port, folder });
}

/** Starts PostgreSQL with an empty database `n8n` and a user of the same name who needs no password. */
export async function startPostgres(log: Log): Promise<Service> {
	if (!findProgram(['initdb'], POSTGRES_FOLDERS())) await installPackages(['postgresql'], WHY, log);
	const [initdb, postgres, createdb] = ['initdb', 'postgres', 'createdb'].map((name) =>
		findProgram([name], POSTGRES_FOLDERS()),
	);
	if (!initdb || !postgres || !createdb) throw new Error(WHY);
	const folder = await mkdtemp(join(tmpdir(), 'bitmind-postgres-'));
	const port = await freePort();
	const data = join(folder, 'data');
	const owner = await ownerOf(folder);
	const options = { cwd: folder, ...owner };
	await run(initdb, ['-D', data, '-U', 'n8n', '-A', 'trust', '--no-sync'], options);
	const settings = ['listen_addresses=127.0.0.1', 'fsync=off', 'max_connections=200'];
	const given = settings.flatMap((setting) => ['-c', setting]);
	const args = ['-D', data, '-p', String(port), '-k', folder, ...given];
	const service = await startService(postgres, args, { port, folder, owner });
	await run(createdb, ['-h', '127.0.0.1', '-p', String(port), '-U', 'n8n', 'n8n'], options);
	return service;
}

type Owner = { uid?: number; gid?: number };

/** PostgreSQL refuses to run as root. In that case, Debian's user `postgres` gets the folder. */
async function ownerOf(folder: string): Promise<Owner> {
	if (process.getuid?.() !== 0) return {};
	const [uid, gid] = await Promise.all(
		['-u', '-g'].map(async (flag) => Number((await runCommand('id', [flag, 'postgres'])).stdout)),
	);
	await chown(folder, uid as number, gid as number);
	return { uid, gid };
}

async function run(program: string, args: string[], options: CommandOptions): Promise<void> {
	const { exitCode, output } = await runCommand(program, args, options);
	if (exitCode !== 0)
		throw new Error(`${program} ended with ${exitCode}:\n${output.slice(-2_000)}`);
}

interface Place {
	/** Where the server listens. */
	port: number;
	/** Its working folder, which is removed after it has stopped. */
	folder: string;
	/** Default: the user who runs this process. */
	owner?: Owner;
}

export async function startService(
	program: string,
	args: string[],
	{ port, folder, owner }: Place,
): Promise<Service> {
	const running = new HostProcess(program, args, { env: process.env, cwd: folder, ...owner });
	await running.waitUntil(() => accepts(port));
	return {
		port,
		stop: async () => {
			await running.stop();
			await rm(folder, { recursive: true, force: true, maxRetries: 5 });
		},
	};
}

async function accepts(port: number): Promise<boolean> {
	return await new Promise((resolve) => {
		const socket = createConnection(port, '127.0.0.1');
		socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
		socket.once('connect', () => socket.destroy());
	});
}
