import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Log } from './command';
import { findProgram, installPackages } from './install/debian';
import { freePort } from './environment';
import { startService, type Service } from './services';

const WHY = 'The rate limits need nginx: install nginx';
const FOLDERS = ['/usr/sbin'];

export interface NginxLimit {
	/** As in `limit_req_zone`: `5r/s`, `300r/m`. */
	rate: string;
	/** Further words of `limit_req`, such as `burst=5 nodelay`. */
	limit?: string;
	/** Default: 503, as in nginx. */
	status?: number;
}

/** Installs nginx if it is missing. Throws an error if that isn't possible here. */
export async function findNginx(log: Log): Promise<string> {
	if (!findProgram(['nginx'], FOLDERS)) await installPackages(['nginx'], WHY, log);
	const nginx = findProgram(['nginx'], FOLDERS);
	if (!nginx) throw new Error(WHY);
	return nginx;
}

/** Starts nginx in front of a server on 127.0.0.1, with a rate limit that it doesn't announce. */
export async function startNginx(
	nginx: string,
	target: string,
	limit: NginxLimit,
): Promise<Service> {
	const port = await freePort();
	const folder = await mkdtemp(join(tmpdir(), 'bitmind-nginx-'));
	const file = join(folder, 'nginx.conf');
	await writeFile(file, configuration(target, limit, port, folder));
	return await startService(nginx, ['-c', file, '-e', 'stderr', '-p', folder], { port, folder });
}

function configuration(
	target: string,
	{ rate, limit = '', status = 503 }: NginxLimit,
	port: number,
	folder: string,
): string {
	const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
		.map((name) => `${name}_temp_path ${folder};`)
		.join('\n\t');
	return `daemon off;
pid ${folder}/nginx.pid;
events {}
http {
	access_log off;
	${temporary}
	client_max_body_size 1g;
	limit_req_zone $server_port zone=all:1m rate=${rate};
	limit_req_status ${status};
	server {
		listen 127.0.0.1:${port};
		location / { proxy_pass ${target}; }
		location ~ /batch_ {
			limit_req zone=all ${limit};
			proxy_pass ${target};
		}
	}
}
`;
}
