export { default } from '@fastify/cookie'
