// Sounds, made by Web Audio: none is fetched. Off and on is remembered.

import type { TableState } from "@/room/state";
import { isMyTurn } from "@/room/state";

export type Sound = "card" | "chip" | "check" | "fold" | "turn" | "hurry" | "win";

const KEY = "squaredeal.sound";
let context: AudioContext | null = null;

export const soundIsOn = (): boolean => typeof localStorage !== "undefined" && localStorage.getItem(KEY) !== "off";

export function setSound(on: boolean): void {
  localStorage.setItem(KEY, on ? "on" : "off");
  window.dispatchEvent(new Event(KEY));
}

export function onSoundChange(listener: () => void): () => void {
  window.addEventListener(KEY, listener);
  return () => window.removeEventListener(KEY, listener);
}

/** What is to be heard after a change: a few sounds, never one an event. */
export function soundsOf(before: TableState, now: TableState): Sound[] {
  const sounds: Sound[] = [];
  if (now.epoch !== before.epoch || (before.hand === 0 && now.hand > 0)) return sounds; // we have just come
  if (now.board.length > before.board.length || now.cards.length > before.cards.length) sounds.push("card");
  const acted = before.turn >= 0 && (now.turn !== before.turn || now.turnNumber !== before.turnNumber);
  const last = acted ? now.seats[before.turn]?.last : undefined;
  if (last === "fold") sounds.push("fold");
  else if (last === "check") sounds.push("check");
  else if (acted && now.pot > before.pot) sounds.push("chip");
  if ((now.seats[now.me]?.won ?? 0) > (before.seats[now.me]?.won ?? 0)) sounds.push("win");
  else if (now.results.length > before.results.length) sounds.push("chip");
  if (isMyTurn(now) && (!isMyTurn(before) || now.turnNumber !== before.turnNumber)) sounds.push("turn");
  if (now.turn === now.me && now.me >= 0 && now.clock?.inBank && !before.clock?.inBank) sounds.push("hurry");
  return sounds;
}

/** Without a gesture of the player browsers make no sound; then there is none. */
export function play(sound: Sound): void {
  if (!soundIsOn() || document.hidden || !navigator.userActivation.hasBeenActive) return;
  context ??= new AudioContext();
  if (context.state === "suspended") {
    void context.resume();
    return;
  }
  const at = context.currentTime + 0.01;
  PLAYED[sound](context, at);
}

const PLAYED: Record<Sound, (on: AudioContext, at: number) => void> = {
  card: (on, at) => hiss(on, at, 0.07, 2_400, 0.12),
  fold: (on, at) => hiss(on, at, 0.12, 900, 0.08),
  check: (on, at) => [0, 0.09].forEach((later) => tone(on, at + later, 150, 0.06, 0.22, "sine")),
  chip: (on, at) => [0, 0.035, 0.085].forEach((later, i) => tone(on, at + later, 3_100 + 420 * i, 0.05, 0.05, "triangle")),
  turn: (on, at) => [0, 0.12].forEach((later, i) => tone(on, at + later, [659, 880][i] ?? 0, 0.28, 0.12, "sine")),
  hurry: (on, at) => [0, 0.16].forEach((later) => tone(on, at + later, 988, 0.12, 0.12, "square", 0.35)),
  win: (on, at) => [523, 659, 784, 1_047].forEach((pitch, i) => tone(on, at + 0.08 * i, pitch, 0.4, 0.09, "triangle")),
};

function tone(on: AudioContext, at: number, pitch: number, s: number, loud: number, type: OscillatorType, soft = 1): void {
  const source = new OscillatorNode(on, { type, frequency: pitch });
  source.connect(faded(on, at, s, loud * soft));
  source.start(at);
  source.stop(at + s);
}

function hiss(on: AudioContext, at: number, s: number, pitch: number, loud: number): void {
  const noise = on.createBuffer(1, Math.ceil(on.sampleRate * s), on.sampleRate);
  const samples = noise.getChannelData(0);
  for (let i = 0; i < samples.length; i++) samples[i] = Math.random() * 2 - 1;
  const source = new AudioBufferSourceNode(on, { buffer: noise });
  const filter = new BiquadFilterNode(on, { type: "bandpass", frequency: pitch, Q: 0.8 });
  source.connect(filter).connect(faded(on, at, s, loud));
  source.start(at);
}

function faded(on: AudioContext, at: number, s: number, loud: number): GainNode {
  const gain = new GainNode(on, { gain: 0 });
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(loud, at + 0.006);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + s);
  gain.connect(on.destination);
  return gain;
}
