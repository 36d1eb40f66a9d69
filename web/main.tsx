import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RefusedCall } from '../contract/client.ts'
import { LanguageProvider } from './messages/locale.tsx'
import { Routes } from './routes.tsx'
// oxlint-disable-next-line import/no-unassigned-import -- a style sheet has no name
import './styles/main.css'

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // Without a network the service worker answers for what it keeps.
      networkMode: 'always',
      // A refusal stays one, unless the house is only busy.
      retry: (failures, error) => failures < 2 && !(error instanceof RefusedCall && error.problem.status < 500),
    },
    // Whoever pays without a network is told so at once: else the button would wait, without a word, until there is one.
    mutations: { networkMode: 'always' },
  },
})

const place = document.getElementById('app')
if (place) {
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <LanguageProvider>
          <Routes />
        </LanguageProvider>
      </QueryClientProvider>
    </StrictMode>,
  )
}
