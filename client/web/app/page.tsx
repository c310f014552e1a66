export default function Page() {
  return <main className="p-8 font-display text-4xl">Squaredeal</main>;
}
