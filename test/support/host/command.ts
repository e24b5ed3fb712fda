import { spawn, type SpawnOptions } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

export interface CommandResult {
	exitCode: number | null;
	output: string;
	/** Only the standard output. Messages of the program go to standard error. */
	stdout: string;
}

export type Log = (line: string) => void;

export interface CommandOptions {
	cwd?: string;
	env?: NodeJS.ProcessEnv;
	/** To run as another user. */
	uid?: number;
	gid?: number;
	onStart?: (pid: number) => void;
	/**
	 * Standard output goes through this file, because what is left in a pipe is lost when the program
	 * exits.
	 */
	stdoutFile?: string;
}

/** Runs a program to its end. The caller decides what a non-zero exit code means. */
export async function runCommand(
	command: string,
	args: string[],
	options: CommandOptions = {},
): Promise<CommandResult> {
	return await collect(command, args, options);
}

/** Runs npm. If it fails, throws an error with the end of its output. */
export async function runNpm(args: string[], options: CommandOptions): Promise<CommandResult> {
	// On Windows, npm is a .cmd file, which only a shell can start.
	const shell = process.platform === 'win32';
	const result = await collect('npm', args, { ...options, shell });
	if (result.exitCode !== 0) {
		const end = result.output.trimEnd().split('\n').slice(-LINES_SHOWN).join('\n');
		throw new Error(`npm ${args.join(' ')} ended with ${result.exitCode}:\n${end}`);
	}
	return result;
}

const LINES_SHOWN = 40;

async function collect(
	command: string,
	args: string[],
	{ onStart, stdoutFile, ...options }: SpawnOptions & CommandOptions,
): Promise<CommandResult> {
	const file = stdoutFile === undefined ? undefined : openSync(stdoutFile, 'w');
	return await new Promise((resolve, reject) => {
		const stdio = ['ignore', file ?? 'pipe', 'pipe'] as const;
		const child = spawn(command, args, { ...options, stdio: [...stdio] });
		if (file !== undefined) closeSync(file);
		if (child.pid) onStart?.(child.pid);
		const all: Buffer[] = [];
		const out: Buffer[] = [];
		child.stdout?.on('data', (chunk: Buffer) => {
			all.push(chunk);
			out.push(chunk);
		});
		child.stderr?.on('data', (chunk: Buffer) => all.push(chunk));
		// If the caller ends early, its npm or n8n must not continue.
		const endWithCaller = () => child.kill();
		process.on('exit', endWithCaller);
		child.on('error', (error) => {
			process.off('exit', endWithCaller);
			reject(error);
		});
		child.on('close', (exitCode) => {
			process.off('exit', endWithCaller);
			const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString('utf8');
			const stdout = stdoutFile === undefined ? text(out) : readFileSync(stdoutFile, 'utf8');
			resolve({
				exitCode,
				output: stdoutFile === undefined ? text(all) : text(all) + stdout,
				stdout,
			});
		});
	});
}
